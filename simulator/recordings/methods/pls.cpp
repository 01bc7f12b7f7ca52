// How well partial least squares predict an area's neurons from a region's.
#include "recordings/prediction.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> predict_by_components(const Call &call, const Area &region, const Area &area) {
  return prediction(call, {measures::Regression::partial_least_squares, call.method.components}, region, area);
}

} // namespace

MethodEntry pls_method() {
  return {.words = {.name = "pls",
                    .help = "held-out correlation of partial least squares, by the reliability of each neuron",
                    .reference = "Schrimpf et al. 2018"},
          .place = 60,
          .compare = predict_by_components};
}

} // namespace engram::recordings
