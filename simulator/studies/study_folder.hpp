// A StudyFolder is the folder of a study's results: what was planned, the run files, and a lock.
//
//   study.json     what was planned: the study, and checksums of the models of all runs
//   study.lock     held by who works on the study, and by the runs that it started
//   ranks/         while several ranks are at work: what queue_folder.hpp says
//   runs/0001.nwb  the run file of run 1, with what its program said in runs/0001.log
//   results.csv, results.h5, summary.csv
#pragma once

#include "studies/check_runs.hpp"
#include "studies/study_plan.hpp"

#include <string>
#include <vector>

namespace engram::studies {

/// In words, the first of what differs between two JSON values, with its pointer: "/a/b: was 1, is 2"; "" where nothing
/// does. The order of keys counts.
std::string json_difference(const input::Json &then, const input::Json &now, const std::string &pointer = "");

class StudyFolder {
public:
  /// Looks at the folder, and changes nothing. Without `resume` it must hold no study and no file of such a name; with
  /// it, this study: what decides the runs must not have changed. Errors: input::InputError, which names what changed.
  StudyFolder(std::string path, const Study &study, bool resume);
  ~StudyFolder();
  StudyFolder(const StudyFolder &) = delete;
  StudyFolder &operator=(const StudyFolder &) = delete;

  /// Takes the lock, and writes what is planned where it is not there yet. Where it is, the models of the runs must not
  /// have changed, but that they may have more epochs, which is then written. Errors: Failed where another program has
  /// the lock; input::InputError where the folder cannot be written, and for what changed.
  void begin(const Study &study, const std::vector<PlannedRun> &plan, const CheckedRuns &checked);

  const std::string &path() const { return path_; } ///< absolute
  std::string file(const std::string &name) const { return path_ + "/" + name; }
  /// Where ranks share the runs: a QueueFolder.
  std::string ranks() const { return ranks_of(path_); }
  static std::string ranks_of(const std::string &path) { return path + "/ranks"; }
  std::string run_file(std::size_t number) const;
  std::string log_file(std::size_t number) const;
  /// A descriptor that holds the lock as long as any process has it open.
  int lock() const { return lock_; }

private:
  std::string stem(std::size_t number) const;
  void remove_unnamed() const;
  bool compare(const Study &study, const std::vector<PlannedRun> &plan, const CheckedRuns &checked) const;
  bool check_epochs(const Study &study, const PlannedRun &run, std::size_t then, const CheckedRun &now) const;

  std::string path_;
  bool resume_ = false;
  int lock_ = -1;
  std::size_t digits_ = 4;
};

} // namespace engram::studies
