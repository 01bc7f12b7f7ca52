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
#include "ranks/ranks.hpp"
#include "studies/job_scripts.hpp"
#include "studies/run_study.hpp"
#include "studies/setting.hpp"
#include "studies/shared_queue.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <thread>

namespace engram::cli {
namespace {

namespace fs = std::filesystem;

struct StudyOptions {
  std::string file, folder, print_jobs;
  ranks::Launched launched;
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

// What tells the ranks of this launch from those of another, where the launcher has a name for them.
std::string launch_name() {
  std::string out;
  for (const char *name : {"SLURM_JOB_ID", "SLURM_STEP_ID", "PMIX_NAMESPACE", "PMI_JOBID"})
    if (const char *value = std::getenv(name)) out += std::string(value) + "/";
  return out;
}

std::string folder_of(const StudyOptions &options) {
  return options.folder.empty() ? fs::path(options.file).stem().string() : options.folder;
}

// File names in the study's values count from its folder, as those of --set do from the folder of a command.
void enter_folder_of(const std::string &study) {
  make_absolute("ENGRAM_PLUGIN_PATH", ':');
  make_absolute("ENGRAM_DATA", '\0'); // one folder
  const auto file = absolute_path(study);
  std::error_code error;
  fs::current_path(fs::path(file).parent_path(), error);
  if (error) throw Failed(file + ": its folder cannot be entered: " + error.message());
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
  if (options.launched.size > 1) {
    if (options.jobs > 0) refuse("--jobs does not go with ranks, each of which does one run at a time");
    if (options.dry_run || !options.print_jobs.empty())
      refuse(std::string(options.dry_run ? "--dry-run" : "--print-jobs") +
             " does no runs: call it without mpirun, mpiexec or srun");
  }
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
  studies::QueueLeader leader(studies::QueueFolder(work.folder().ranks()),
                              static_cast<std::size_t>(options.launched.size), launch_name());
  studies::RunQueue queue = studies::run_local_queue;
  if (options.launched.size > 1) queue = [&](const studies::JobQueue &jobs) { leader.run(jobs); };
  const auto result = work.run({own_program(), options.jobs}, watch, queue);
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

// Opens the runs of a study as rank 0 does, which tells what is wrong with them.
void check_as_rank_0(const StudyOptions &options, const Context &context) {
  check_study_options(options);
  const auto study = studies::read_study(options.file);
  enter_folder_of(options.file);
  studies::check_runs(study, studies::plan_runs(study), context.folders, {});
}

// A rank that is not the first. Until it serves, signals end it without a word: rank 0 says what there is to say.
int serve_study(const StudyOptions &options, Context &context) {
  using std::chrono::milliseconds;
  context.seeks_ranks = true;
  const auto rank = static_cast<std::size_t>(options.launched.rank);
  const auto path = studies::StudyFolder::ranks_of(absolute_path(folder_of(options)));
  const studies::QueueFolder folder(path);
  const auto began = std::chrono::steady_clock::now();
  try {
    check_as_rank_0(options, context);
  } catch (const Error &error) {
    if (error.kind() != ErrorKind::wrong_input) throw;
    for (int tries = 0; !folder.jobs(launch_name()); ++tries) { // if rank 0 finds nothing wrong, it is told here
      if (tries == 20) return wrong_input;
      std::this_thread::sleep_for(milliseconds(100));
    }
    throw;
  }
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
  remember_signals();
  const auto patience = std::max<milliseconds>(std::chrono::minutes(1), 3 * took);
  switch (studies::serve_queue(folder, rank, launch_name(), own_program(), &stop_flag(), patience)) {
  case studies::Served::all:
    return done;
  case studies::Served::stopped:
    return failed;
  case studies::Served::leader_gone:
    throw Failed("rank 0 is gone, and what this rank ran has ended; --resume goes on with the study");
  case studies::Served::never_began:
    break;
  }
  throw Failed("rank 0 shows no runs in " + path);
}

void study(StudyOptions &options, Context &context) {
  if (options.schema) return print_json(studies::study_schema(), 2);
  if (const auto launched = ranks::launched()) options.launched = *launched;
  if (options.launched.size == 0)
    throw input::InputError("engram study: the launcher does not say how many ranks there are (srun and mpirun do)");
  if (options.launched.rank > 0) {
    context.exit_code = serve_study(options, context);
    return;
  }
  check_study_options(options);
  auto study = studies::read_study(options.file);
  options.folder = folder_of(options);
  const auto file = absolute_path(options.file), folder = absolute_path(options.folder);
  enter_folder_of(options.file);
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
