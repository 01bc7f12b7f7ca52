// This is the command `engram study STUDY.json`.
#include "cli/address_space.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/notes.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/study_text.hpp"
#include "cli/thread_limit.hpp"
#include "data/printable.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "studies/job_scripts.hpp"
#include "studies/run_study.hpp"
#include "studies/setting.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>

namespace engram::cli {
namespace {

namespace fs = std::filesystem;

struct StudyOptions {
  std::string file, folder, print_jobs;
  std::size_t jobs = 0;
  bool resume = false, dry_run = false, json = false, quiet = false, schema = false;
};

std::string absolute_path(const std::string &path) {
  std::error_code error;
  const auto full = fs::absolute(path, error);
  return (error ? fs::path(path) : full).lexically_normal().string();
}

// Folders that a variable names count from where the command was called, also for the runs, which are elsewhere.
void make_absolute(const char *variable, char between) {
  const char *value = std::getenv(variable);
  if (!value || !*value) return;
  std::string out;
  std::istringstream folders(value);
  for (std::string folder; std::getline(folders, folder, between);)
    if (!folder.empty()) out += (out.empty() ? "" : std::string(1, between)) + absolute_path(folder);
  ::setenv(variable, out.c_str(), 1);
}

std::string own_program() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) throw Failed("/proc/self/exe: cannot be read: " + error.message());
  return program.string();
}

// What does not go together.
void check_study_options(const StudyOptions &options) {
  const auto refuse = [](const std::string &what) { throw input::InputError("engram study: " + what); };
  if (options.file.empty()) refuse("STUDY is required (engram study --help says more)");
  if (options.print_jobs.empty()) return;
  const auto systems = studies::job_systems();
  if (std::find(systems.begin(), systems.end(), options.print_jobs) == systems.end())
    throw input::InputError("engram: --print-jobs: " +
                            input::unknown("system", options.print_jobs.substr(0, 60), systems));
  if (options.dry_run) refuse("--dry-run does not go with --print-jobs");
  if (options.json) refuse("--json does not go with --print-jobs, which prints no results");
  if (options.jobs > 0) refuse("--jobs does not go with --print-jobs: who runs them says how many at once");
}

// The models say at most so much.
void tell_models(std::vector<std::string> lines) {
  constexpr std::size_t most = 20;
  const std::size_t count = lines.size();
  if (count > most) lines.resize(most);
  print_lines(lines);
  if (count > most) say(fmt::format("engram: note: {} more lines like these", count - most));
}

std::string progress_text(const studies::StudyProgress &p) {
  return fmt::format("{} of {} runs done, {} running, {} failed{}", p.complete, p.runs, p.running, p.failed,
                     std::isnan(p.seconds_left) ? "" : fmt::format(", {} left", duration(p.seconds_left)));
}

std::string how_to_go_on(const StudyOptions &options) {
  return fmt::format("engram study {} --out {} --resume", studies::shell_word(options.file),
                     studies::shell_word(options.folder));
}

int run_study(const StudyOptions &options, studies::StudyWork &work, StatusLine &line) {
  studies::StudyWatch watch;
  watch.stop = &stop_flag();
  watch.progress = [&](const studies::StudyProgress &progress) {
    if (line.due())
      line.show(progress_text(progress));
    else if (line.log_due())
      line.say(progress_text(progress));
  };
  watch.failed = [&](const std::string &what) {
    line.clear();
    say("engram: " + data::printable_line(what));
  };
  const auto result = work.run({own_program(), options.jobs}, watch);
  line.clear();
  if (options.json)
    print_json(study_json(work, result));
  else
    print(study_text(work, result));
  flush_output();
  if (!result.changed_inputs.empty()) say("engram: " + data::printable_line(result.changed_inputs));
  if (result.complete < result.runs)
    say(fmt::format("engram: {}{} of {} runs {} not complete; {} goes on with {}",
                    result.interrupted ? "interrupted; " : "", result.runs - result.complete, result.runs,
                    result.runs - result.complete == 1 ? "is" : "are", data::printable_line(how_to_go_on(options)),
                    result.runs - result.complete == 1 ? "it" : "them"));
  return result.complete == result.runs && result.changed_inputs.empty() ? done : failed;
}

void study(StudyOptions &options, Context &context) {
  if (options.schema) return print_json(studies::study_schema(), 2);
  check_study_options(options);
  auto study = studies::read_study(options.file);
  const auto file = absolute_path(options.file);
  if (options.folder.empty()) options.folder = fs::path(options.file).stem().string();
  const auto folder = absolute_path(options.folder);
  make_absolute("ENGRAM_PLUGIN_PATH", ':');
  make_absolute("ENGRAM_DATA", '\0'); // one folder
  // File names in the study's values count from its folder, as those of --set do from the folder of a command.
  std::error_code error;
  fs::current_path(fs::path(file).parent_path(), error);
  if (error) throw Failed(file + ": its folder cannot be entered: " + error.message());
  end_on_signals();
  StatusLine line(options.quiet);
  studies::StudyWork work(std::move(study), folder, options.resume, context.folders, context.listener);
  const auto lines = work.check([&](std::size_t done) {
    if (line.due()) line.show(fmt::format("checking run {} of {}", done, work.plan().size()));
  });
  line.clear();
  if (!options.quiet) tell_models(lines);
  if (options.dry_run) return print(planned_text(work));
  if (options.print_jobs.empty()) {
    check_address_space(work.study().threads); // of a run, as each would find out for itself
    check_threads(work.study().threads, true);
  }
  if (options.print_jobs.empty()) remember_signals(); // from here on there is something to keep
  work.begin(&stop_flag(), [&](std::size_t looked) {
    if (line.due()) line.show(fmt::format("looking at run {} of {}", looked, work.plan().size()));
  });
  line.clear();
  if (options.print_jobs.empty())
    context.exit_code = run_study(options, work, line);
  else
    print(studies::job_script(work, {options.print_jobs, own_program(), file}));
}

} // namespace

void add_study(CLI::App &app, Context &context) {
  auto options = std::make_shared<StudyOptions>();
  auto *command = app.add_subcommand("study", "does many runs of models in which something is varied, and makes one "
                                              "table of them");
  command->add_option("STUDY", options->file, "a study's file (JSON)");
  command->add_option("--out", options->folder,
                      "folder of the run files and the tables; unless given, STUDY's name, in this folder");
  command->add_flag("--resume", options->resume,
                    "goes on with the study in that folder: runs that are interrupted or failed go on, and those that "
                    "are missing begin");
  add_whole_number(*command, "--jobs", options->jobs, 1, 4096,
                   "runs at once (cores / threads of a run unless given); results do not depend on it");
  command->add_option("--print-jobs", options->print_jobs,
                      "writes the runs that are missing to stdout, as a job array (slurm) or a workflow (snakemake, "
                      "make), in the place of doing them");
  command->add_flag("--dry-run", options->dry_run, "checks and lists the runs, and does none");
  command->add_flag("--json", options->json, "prints the summary as one JSON object on the last line");
  command->add_flag("--quiet", options->quiet, "shows no progress");
  command->add_flag("--schema", options->schema, "prints the JSON Schema of a study's file");
  command->footer(study_keys());
  command->callback([options, &context] { study(*options, context); });
}

} // namespace engram::cli
