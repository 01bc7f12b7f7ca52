// check_runs() opens each run of a study as `validate` does, before the first of them starts.
#pragma once

#include "session/folders.hpp"
#include "studies/study_plan.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace engram::studies {

/// What is known of a run before it starts.
struct CheckedRun {
  std::uint64_t seed = 0;
  std::string model;      ///< JSON, as the run file will hold it; kept of the first run of each model alone
  std::string sum;        ///< sum_without_epochs() of that
  std::size_t epochs = 1; ///< of the run
  std::string fixed;      ///< why more epochs would make another run of it, in words; "": it would go on
};

/// SHA-256 of a model (JSON) but for its number of epochs, in which a run may be extended.
std::string sum_without_epochs(const std::string &model);

struct CheckedRuns {
  std::vector<CheckedRun> runs;   ///< by the plan
  std::vector<std::string> lines; ///< what the models say and may not mean, each line once
};

/// `done`: told after each run, of how many. Errors: input::InputError: for each fault a line that names the first run
/// that has it, with its varied values, and how many others. A pointer that leads to nothing known is such a fault, and
/// so are runs that are the same though they have other values; such as were drawn with the same ones are told in
/// `lines`.
CheckedRuns check_runs(const Study &study, const std::vector<PlannedRun> &plan, const session::Folders &folders,
                       const session::Listener &listener, const std::function<void(std::size_t)> &done = {});

} // namespace engram::studies
