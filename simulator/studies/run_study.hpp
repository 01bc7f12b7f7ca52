// A StudyWork does a study: it opens all runs, does what is missing here, and writes the tables.
//
//     StudyWork work(read_study("study.json"), "out", false, folders, listener);
//     work.check();             // of all runs, before the first starts
//     work.begin();             // the folder and its lock
//     auto result = work.run(options);
//
// Who spreads the runs over machines gives run() another queue. Who hands them to other programs takes words() of those
// that are missing(), and ends with collect(). File names in values of the study count from the current folder, as
// those of settings do: go to the folder of its file first.
#pragma once

#include "session/folders.hpp"
#include "studies/check_runs.hpp"
#include "studies/local_queue.hpp"
#include "studies/study_folder.hpp"
#include "studies/study_summary.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::studies {

struct StudyProgress {
  std::size_t runs = 0, complete = 0, running = 0, failed = 0; ///< complete: in all; failed: since it began
  double seconds_left = 0; ///< by the mean time of the runs that ended since it began; NaN: none has
};

/// How a caller follows a study. Each member may be empty.
struct StudyWatch {
  const std::atomic<bool> *stop = nullptr; ///< once it is true, runs at work end with a checkpoint, and no more begin
  std::function<void(const StudyProgress &)> progress;
  std::function<void(const std::string &line)> failed; ///< a run failed: which one, why, and where more stands
};

struct RunOptions {
  std::string program;     ///< path of engram
  std::size_t at_once = 0; ///< runs; 0: cores / threads of a run
};

struct StudyResult {
  StudySummary summary;
  std::size_t runs = 0, complete = 0, failed = 0;
  bool interrupted = false;
  std::string changed_inputs; ///< in words, where runs read different states of a file or a plugin; ""
};

class StudyWork {
public:
  /// Errors: those of StudyFolder.
  StudyWork(Study study, const std::string &folder, bool resume, session::Folders folders, session::Listener listener);

  /// Opens each run, and returns what the models say, for the user to see. Writes nothing. Errors: those of
  /// check_runs().
  std::vector<std::string> check(const std::function<void(std::size_t)> &done = {});
  /// Takes the folder, and looks at what is done there; `looked` is told after each run, of how many. Errors: those of
  /// StudyFolder::begin(); data::DataError where a run file is not of this study; Failed once `stop` is true.
  void begin(const std::atomic<bool> *stop = nullptr, const std::function<void(std::size_t)> &looked = {});

  const Study &study() const { return study_; }
  const std::vector<PlannedRun> &plan() const { return plan_; }
  const StudyFolder &folder() const { return folder_; }
  /// Runs that are not complete, as indices into the plan.
  std::vector<std::size_t> missing() const;
  /// The command line of a run: it begins, or goes on with what there is of it.
  std::vector<std::string> words(std::size_t run, const std::string &program) const;

  /// Does what is missing, several runs at once, each a process of its own; then collect(). Errors: Failed where a
  /// table cannot be written; those of the queue.
  StudyResult run(const RunOptions &options, const StudyWatch &watch = {}, const RunQueue &queue = run_local_queue);
  /// Writes the tables of what there is.
  StudyResult collect();

private:
  void look(std::size_t run);
  void ended(std::size_t run, const JobEnd &end, const StudyWatch &watch);
  void write_tables(const StudySummary &summary) const;

  Study study_;
  std::vector<PlannedRun> plan_;
  StudyFolder folder_;
  session::Folders folders_;
  session::Listener listener_;
  CheckedRuns checked_;
  std::vector<RunOutcome> outcomes_;
  StudyProgress progress_;
};

} // namespace engram::studies
