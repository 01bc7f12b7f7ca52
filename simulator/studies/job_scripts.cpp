#include "studies/job_scripts.hpp"

#include "data/printable.hpp"
#include "input/document.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "studies/setting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace engram::studies {

namespace {

std::string replaced(const std::string &text, char what, const std::string &by) {
  std::string out;
  for (const char c : text) c == what ? out += by : out += c;
  return out;
}

std::string shell_line(const std::vector<std::string> &words) {
  std::string out;
  for (const auto &word : words) out += (out.empty() ? "" : " ") + shell_word(word);
  return out;
}

// A text of Python; JSON's escapes mean the same there.
std::string python_text(const std::string &text) { return input::Json(text).dump(-1, ' ', true); }

struct Jobs {
  std::string into;                                       // "cd FOLDER", where file names of settings count from
  std::vector<std::pair<std::size_t, std::string>> lines; // number of the run, its command line
  std::string collect, folder;
  int threads = 1;
  std::string done(std::size_t number) const { return fmt::format("{}/runs/{}.done", folder, number); }
};

Jobs jobs_of(const StudyWork &work, const JobScript &script) {
  Jobs out;
  out.folder = work.folder().path();
  out.threads = work.study().threads;
  out.into = "cd " + shell_word(std::filesystem::path(script.study).parent_path().string());
  for (const auto run : work.missing())
    out.lines.emplace_back(work.plan()[run].number, shell_line(work.words(run, script.program)));
  out.collect = shell_line({script.program, "study", script.study, "--out", out.folder, "--resume"});
  auto all = out.into + out.collect;
  for (const auto &line : out.lines) all += line.second;
  if (data::printable_line(all) != all)
    throw input::InputError(
        "engram: --print-jobs: the name of a file or folder holds a line break, or what is not printable");
  return out;
}

// "1-4,7"
std::string array_of(const Jobs &jobs) {
  std::string out;
  for (std::size_t k = 0; k < jobs.lines.size();) {
    std::size_t last = k;
    while (last + 1 < jobs.lines.size() && jobs.lines[last + 1].first == jobs.lines[last].first + 1) ++last;
    out += (out.empty() ? "" : ",") + std::to_string(jobs.lines[k].first);
    if (last > k) out += "-" + std::to_string(jobs.lines[last].first);
    k = last + 1;
  }
  return out;
}

std::string slurm_script(const Jobs &jobs) {
  std::string out = fmt::format(R"(#!/bin/bash
# The runs of a study as a job array of Slurm; the index of a job is the number of its run.
#   bash THIS_FILE     submits the array, and after it a job that collects the results
#   sbatch THIS_FILE   submits the array alone
# Add what your cluster asks for, as --time, --partition or --account, to the lines that begin with #SBATCH. An index may
# not reach the cluster's MaxArraySize (scontrol show config).
#SBATCH --job-name=engram-study
#SBATCH --array={}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={}

if [ -z "${{SLURM_ARRAY_TASK_ID:-}}" ]; then
  id=$(sbatch --parsable "$0") || exit 1
  sbatch --dependency="afterany:${{id%%;*}}" <<'COLLECT'
#!/bin/bash
#SBATCH --job-name=engram-study-collect
#SBATCH --ntasks=1
{} && exec {}
COLLECT
  exit
fi

{} || exit 1
case $SLURM_ARRAY_TASK_ID in
)",
                                array_of(jobs), jobs.threads, jobs.into, jobs.collect, jobs.into);
  for (const auto &[number, line] : jobs.lines) out += fmt::format("{}) exec {} ;;\n", number, line);
  return out + "esac\n";
}

std::string makefile(const Jobs &jobs) {
  const auto recipe = [](const std::string &line) { return replaced(line, '$', "$$"); };
  std::string targets;
  for (const auto &job : jobs.lines) targets += fmt::format(" run-{}", job.first);
  std::string out =
      fmt::format("# The runs of a study: make -f THIS_FILE -j CORES\n"
                  "# Runs that are done are not done again; the last job collects the results.\n"
                  "SHELL := /bin/sh\n.RECIPEPREFIX := >\n.PHONY: collect{0}\n\ncollect:{0}\n>{1} && {2}\n",
                  targets, recipe(jobs.into), recipe(jobs.collect));
  for (const auto &[number, line] : jobs.lines) {
    const auto done = recipe(shell_word(jobs.done(number)));
    out += fmt::format("\nrun-{0}:\n>test -e {1} || {{ {2} && {3} && touch {1}; }}\n", number, done, recipe(jobs.into),
                       recipe(line));
  }
  return out;
}

std::string snakefile(const Jobs &jobs) {
  const auto braces = [](const std::string &text) { return replaced(replaced(text, '{', "{{"), '}', "}}"); };
  std::string out = "# The runs of a study: snakemake --snakefile THIS_FILE --cores CORES\n"
                    "# With --keep-going a run that fails does not end the others.\nRUNS = {\n";
  for (const auto &[number, line] : jobs.lines)
    out += fmt::format("    \"{}\": {},\n", number, python_text(jobs.into + " && " + line));
  const auto done = python_text(braces(jobs.folder) + "/runs/{run}.done");
  return out + fmt::format(R"(}}
COLLECT = {1}

rule collect:
    input:
        expand({0}, run=RUNS)
    params:
        line=lambda wildcards: COLLECT
    shell:
        "{{params.line}}"

rule run:
    output:
        touch({0})
    params:
        line=lambda wildcards: RUNS[wildcards.run]
    threads: {2}
    shell:
        "{{params.line}}"
)",
                           done, python_text(jobs.into + " && " + jobs.collect), jobs.threads);
}

struct JobWriter {
  const char *name;
  std::string (*write)(const Jobs &);
};
constexpr JobWriter writers[] = {{"slurm", slurm_script}, {"snakemake", snakefile}, {"make", makefile}};

} // namespace

std::vector<std::string> job_systems() {
  std::vector<std::string> out;
  for (const auto &writer : writers) out.emplace_back(writer.name);
  return out;
}

std::string job_script(const StudyWork &work, const JobScript &script) {
  const auto writer = std::find_if(std::begin(writers), std::end(writers),
                                   [&](const JobWriter &one) { return script.system == one.name; });
  if (writer == std::end(writers))
    throw input::InputError("engram: --print-jobs: " + input::unknown("system", script.system, job_systems()));
  const auto jobs = jobs_of(work, script);
  if (jobs.lines.empty()) throw input::InputError(jobs.folder + ": all runs are complete: there is no job to print");
  return writer->write(jobs);
}

} // namespace engram::studies
