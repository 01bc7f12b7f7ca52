// The share of the variance over trials that the stimulus explains.
#include "measures/reliability.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_explainable(const Call &call, const Area &area) {
  return {median_of(call.config, "explainable", measures::response_power(repeats_of(area)).explainable)};
}

} // namespace

MethodEntry explainable_method() {
  return {.words = {.name = "explainable",
                    .help = "share of the variance over trials that the stimulus explains: the median",
                    .reference = "Sahani & Linden 2003",
                    .parameters = {}},
          .place = 150,
          .describe = describe_explainable};
}

} // namespace engram::recordings
