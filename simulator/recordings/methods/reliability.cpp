// The split-half reliability of each neuron.
#include "measures/reliability.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

#include <fmt/format.h>

#include <cmath>

namespace engram::recordings {

namespace {

// Below all that a reliability can be, and below what is between such a value and another.
constexpr double below_all = -1e300;

// A neuron whose halves correlate below 0 has no reliability; left out, it would raise the median of the others. It
// counts as below all of them, and so do the ends of the interval that fall on such neurons.
std::vector<Result> describe_reliability(const Call &call, const Area &area) {
  constexpr std::size_t splits = 100;
  const auto &config = call.config;
  auto &notes = call.found.notes;
  const auto halves = measures::split_half(repeats_of(area), splits, config.seed);
  const arma::uvec below = arma::find(halves.correlation < 0);
  arma::vec ranked = halves.reliability;
  ranked(below).fill(below_all);
  Result result = median_of(config, "reliability", ranked);
  tell_without_value("reliability " + area.name, halves.correlation, notes);
  if (!below.is_empty())
    notes.push_back(
        fmt::format("reliability {}: the halves of {} correlate below 0, where Spearman-Brown has no value; "
                    "the median takes them as below all others{}",
                    area.name, some_of(below.n_elem, halves.correlation.n_elem, "neuron"),
                    result.value < 0 ? ", and falls among them" : ""));
  if (result.value < 0) result.value = absent;
  if (!std::isfinite(result.value) || result.ci.low < 0) result.ci = {absent, absent};
  const arma::uvec conditions = halves.conditions;
  if (conditions.min() < area.condition_count)
    notes.push_back(fmt::format("reliability {}: of some neurons only {} of {} conditions have two repeats", area.name,
                                conditions.min(), area.condition_count));
  return {result, median_of(config, "reliability.halves", halves.correlation)};
}

} // namespace

MethodEntry reliability_method() {
  return {.words = {.name = "reliability",
                    .help =
                        "split-half reliability of each neuron, by Spearman-Brown, and the correlation of the halves: "
                        "the median",
                    .reference = "Spearman 1910; Brown 1910",
                    .parameters = {}},
          .place = 140,
          .describe = describe_reliability};
}

} // namespace engram::recordings
