// The split-half reliability of each neuron.
#include "measures/reliability.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_reliability(const Call &call, const Area &area) {
  constexpr std::size_t splits = 100;
  return {median_of(call.config, "reliability",
                    measures::split_half_reliability(repeats_of(area), splits, call.config.seed))};
}

} // namespace

MethodEntry reliability_method() {
  return {.words = {.name = "reliability",
                    .help = "split-half reliability of each neuron, by Spearman-Brown: the median",
                    .reference = "",
                    .parameters = {}},
          .place = 140,
          .describe = describe_reliability};
}

} // namespace engram::recordings
