// summarize_study() computes means and intervals over seeds, and the best combination.
#pragma once

#include "measures/student_interval.hpp"
#include "studies/run_outcome.hpp"
#include "studies/study_plan.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace engram::studies {

/// One combination of what is varied: its runs differ in their seeds.
struct CombinationSummary {
  std::size_t first = 0; ///< its first run, as an index into the plan
  std::size_t runs = 0, complete = 0;
  /// Over the complete runs, by Measure: after the last epoch, and at each run's best epoch. 95 % intervals of
  /// Student's t.
  std::array<measures::StudentMean, measure_count> end, best_epoch;
  std::array<measures::StudentMean, 3> test; ///< as RunOutcome::test
};

struct StudySummary {
  std::vector<CombinationSummary> combinations;
  std::optional<Measure> by; ///< by which runs are compared, and their best epoch is taken; none: no run has any
  bool at_best_epoch = false;
  std::optional<std::size_t> best; ///< the combination; only those count of which all runs are complete
  std::size_t as_good = 0;         ///< how many others have the same mean; it is the first of them
  std::string no_best;             ///< why there is none
  const measures::StudentMean &compared(std::size_t combination) const;
};

/// The measure by which a study compares its runs: the criterion's, or the first that all complete runs have.
std::optional<Measure> compared_by(const Criterion &criterion, const std::vector<RunOutcome> &outcomes);

/// `outcomes`: by the plan.
StudySummary summarize_study(const Study &study, const std::vector<PlannedRun> &plan,
                             const std::vector<RunOutcome> &outcomes);

} // namespace engram::studies
