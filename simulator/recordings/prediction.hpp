// prediction() measures how well a region's neurons predict an area's neurons.
#pragma once

#include "measures/predictivity.hpp"
#include "recordings/method_entry.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace engram::recordings {

/// How the linear map is fitted.
struct Fitting {
  measures::Regression regression = measures::Regression::ridge;
  std::size_t components = 0; ///< of partial least squares
};

/// Of every method that predicts.
std::vector<Parameter> prediction_parameters();

/// The area's neurons from the region's; one result called `name`, or one for each time bin of the area. Of what is
/// complete (complete_means()); neurons that are not reliable are left out, which a note says. The map is fitted
/// without the conditions that it predicts. Folds are of conditions: the repeats of a condition are never on both sides
/// of a fold. The same holds within the training conditions, where ridge regression chooses its penalty.
std::vector<Result> prediction(const Call &call, const std::string &name, const Fitting &fitting, const Area &region,
                               const Area &area);

} // namespace engram::recordings
