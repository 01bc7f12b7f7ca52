// reliability is the split-half reliability of each neuron.
#include "measures/reliability.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

std::vector<Result> describe_reliability(const Call &call, const Area &area) {
  constexpr std::size_t splits = 100;
  const auto &config = call.config;
  auto &notes = call.found.notes;
  const auto halves = measures::split_half(repeats_of(area), splits, config.seed);
  const Result result = median_reliability(config, "reliability", halves.correlation, halves.reliability,
                                           "reliability " + area.name, notes);
  call.found.tables.push_back(table_of_each("reliability", area, "neuron", neuron_names(responses_of(area)),
                                            {{"halves", halves.correlation},
                                             {"reliability", halves.reliability},
                                             {"halves' deviation over splits", halves.spread}}));
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
                    .interval = "bootstrap over neurons",
                    .parameters = {}},
          .place = 140,
          .describe = describe_reliability};
}

} // namespace engram::recordings
