// This gives the distances between two spike trains that a method asks for.
#pragma once

#include "measures/spike_train.hpp"
#include "recordings/config.hpp"

#include <functional>
#include <string>
#include <vector>

namespace engram::recordings {

struct TrainMetric {
  std::string name; ///< "distances.van_rossum"
  /// Of two trains that were both observed so; NaN where they never were.
  std::function<double(const measures::SpikeTrain &, const measures::SpikeTrain &, const measures::Observation &)> of;
  bool likeness = false; ///< great where trains are alike
};

/// For "distances", the metric that is asked for, or both. For "synchrony", all three.
std::vector<TrainMetric> train_metrics(const Method &method);

} // namespace engram::recordings
