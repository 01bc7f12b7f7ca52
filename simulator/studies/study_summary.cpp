#include "studies/study_summary.hpp"

#include <algorithm>
#include <cmath>

namespace engram::studies {

namespace {

bool all_have(Measure measure, const std::vector<RunOutcome> &outcomes) {
  std::size_t complete = 0;
  for (const auto &outcome : outcomes) {
    if (outcome.status != Status::complete) continue;
    ++complete;
    if (std::isnan(outcome.end[measure])) return false;
  }
  return complete > 0;
}

measures::StudentMean mean_of(const std::vector<double> &values) { return measures::student_mean(arma::vec(values)); }

CombinationSummary summary_of(std::size_t first, std::size_t runs, const std::vector<RunOutcome> &outcomes,
                              std::optional<Measure> by) {
  CombinationSummary out;
  out.first = first;
  out.runs = runs;
  std::array<std::vector<double>, measure_count> end, best;
  std::array<std::vector<double>, 3> test;
  for (std::size_t k = first; k < first + runs; ++k) {
    if (outcomes[k].status != Status::complete) continue;
    ++out.complete;
    for (std::size_t t = 0; t < test.size(); ++t) test[t].push_back(outcomes[k].test[t]);
    for (std::size_t m = 0; m < measure_count; ++m) {
      end[m].push_back(outcomes[k].end.values[m]);
      best[m].push_back(by ? outcomes[k].best[static_cast<std::size_t>(*by)].values[m] : Point::unknown);
    }
  }
  for (std::size_t t = 0; t < test.size(); ++t) out.test[t] = mean_of(test[t]);
  for (std::size_t m = 0; m < measure_count; ++m) {
    out.end[m] = mean_of(end[m]);
    out.best_epoch[m] = mean_of(best[m]);
  }
  return out;
}

void find_best(StudySummary &summary) {
  if (!summary.by) {
    summary.no_best = "no measure is there by which all complete runs could be compared";
    return;
  }
  for (std::size_t c = 0; c < summary.combinations.size(); ++c) {
    const auto &one = summary.combinations[c];
    const double value = summary.compared(c).mean.value;
    if (one.complete < one.runs || std::isnan(value)) continue;
    if (!summary.best) {
      summary.best = c;
      continue;
    }
    const double before = summary.compared(*summary.best).mean.value;
    if (value == before) ++summary.as_good;
    if (is_loss(*summary.by) ? value >= before : value <= before) continue;
    summary.best = c;
    summary.as_good = 0;
  }
  if (!summary.best) summary.no_best = "no combination has all its runs complete with a " + name_of(*summary.by, ' ');
}

} // namespace

const measures::StudentMean &StudySummary::compared(std::size_t combination) const {
  const auto &one = combinations.at(combination);
  return (at_best_epoch ? one.best_epoch : one.end).at(static_cast<std::size_t>(by.value()));
}

std::optional<Measure> compared_by(const Criterion &criterion, const std::vector<RunOutcome> &outcomes) {
  if (criterion.by) return criterion.by;
  for (const auto measure : {Measure::held_out_accuracy, Measure::held_out_loss, Measure::held_out_reward,
                             Measure::training_accuracy, Measure::training_loss, Measure::training_reward})
    if (all_have(measure, outcomes)) return measure;
  return {};
}

StudySummary summarize_study(const Study &study, const std::vector<PlannedRun> &plan,
                             const std::vector<RunOutcome> &outcomes) {
  StudySummary out;
  out.by = compared_by(study.best, outcomes);
  out.at_best_epoch = study.best.at_best_epoch;
  const std::size_t seeds = std::max<std::size_t>(1, study.seeds.size());
  for (std::size_t first = 0; first < plan.size(); first += seeds)
    out.combinations.push_back(summary_of(first, seeds, outcomes, out.by));
  find_best(out);
  return out;
}

} // namespace engram::studies
