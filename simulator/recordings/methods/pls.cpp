// pls asks how well partial least squares predict an area's neurons from a region's.
#include "recordings/prediction.hpp"

#include <utility>

namespace engram::recordings {

namespace {

std::vector<Result> predict_by_components(const Call &call, const Area &region, const Area &area) {
  return prediction(call, "pls", {measures::Regression::partial_least_squares, call.settings.count("components")},
                    region, area);
}

} // namespace

MethodEntry pls_method() {
  auto parameters = prediction_parameters();
  parameters.insert(parameters.begin(), whole("components", 1, 25, "that are fitted, or as many as there can be"));
  return {.words = {.name = "pls",
                    .help = "held-out correlation of partial least squares, by the reliability of each neuron",
                    .reference = "Schrimpf et al. 2018",
                    .interval = "bootstrap over neurons",
                    .parameters = std::move(parameters)},
          .place = 60,
          .compare = predict_by_components};
}

} // namespace engram::recordings
