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
  std::string model; ///< JSON, as the run file will hold it; kept of the first run of each model alone
  std::string sum;   ///< SHA-256 of that
};

struct CheckedRuns {
  std::vector<CheckedRun> runs;   ///< by the plan
  std::vector<std::string> lines; ///< what the models say and may not mean, each line once
};

/// `done`: told after each run, of how many. Errors: input::InputError: for each fault a line that names the first run
/// that has it, with its varied values, and how many others. A pointer that leads to nothing known is such a fault.
CheckedRuns check_runs(const Study &study, const std::vector<PlannedRun> &plan, const session::Folders &folders,
                       const session::Listener &listener, const std::function<void(std::size_t)> &done = {});

} // namespace engram::studies
