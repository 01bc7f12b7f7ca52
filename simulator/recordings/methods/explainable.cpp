// explainable is the share of the variance over trials that the stimulus explains.
#include "measures/reliability.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_explainable(const Call &call, const Area &area) {
  const arma::vec explainable = measures::response_power(repeats_of(area)).explainable;
  tell_without_value("explainable " + area.name, explainable, call.found.notes);
  call.found.tables.push_back(
      table_of_each("explainable", area, "neuron", neuron_names(responses_of(area)), {{"explainable", explainable}}));
  return {median_of(call.config, "explainable", explainable)};
}

} // namespace

MethodEntry explainable_method() {
  return {.words = {.name = "explainable",
                    .help = "share of the variance over trials that the stimulus explains: the median",
                    .reference = "Sahani & Linden 2003",
                    .interval = "bootstrap over neurons",
                    .parameters = {}},
          .place = 150,
          .describe = describe_explainable};
}

} // namespace engram::recordings
