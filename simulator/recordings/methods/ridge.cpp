// ridge asks how well ridge regression predicts an area's neurons from a region's.
#include "recordings/prediction.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> predict_by_ridge(const Call &call, const Area &region, const Area &area) {
  return prediction(call, "ridge", {measures::Regression::ridge}, region, area);
}

} // namespace

MethodEntry ridge_method() {
  return {.words = {.name = "ridge",
                    .help = "held-out correlation of ridge regression, by the reliability of each neuron",
                    .reference = "Schrimpf et al. 2018",
                    .interval = "bootstrap over neurons",
                    .parameters = prediction_parameters()},
          .place = 50,
          .compare = predict_by_ridge};
}

} // namespace engram::recordings
