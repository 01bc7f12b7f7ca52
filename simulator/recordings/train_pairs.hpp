// These functions apply measures of two spike trains: to pairs of units of one side, and to trials of two sides.
#pragma once

#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"

#include <functional>
#include <string>
#include <vector>

namespace engram::recordings {

/// A measure of two spike trains.
struct TrainMetric {
  std::string name; ///< "distances.van_rossum"
  /// Of two trains that were both observed so; NaN where they never were.
  std::function<double(const measures::SpikeTrain &, const measures::SpikeTrain &, const measures::Observation &)> of;
  bool likeness = false; ///< is it great where trains are alike?
  /// Of all units of one side at once, each observed in windows of its own. Empty: the mean over their pairs.
  std::function<double(const std::vector<measures::SpikeTrain> &, const std::vector<measures::Observation> &)> of_all{};
};

/// Of the pairs of no more than 400 units, and of no more than most_units where trains are very long, while both were
/// observed. Notes say where units are drawn, and which pairs are left out. Errors: measures::NotApplicable where there
/// are no two.
std::vector<Result> pairs_of_units(const Call &call, const std::vector<TrainMetric> &metrics, const Area &area);

/// Of the units of both sides, paired by pair_units(). For one unit and condition, the distance is the mean over all
/// pairs of a trial of one side and a trial of the other in which the unit was observed. The result is the mean over
/// conditions, and the median over units. Its ceiling is the distance of the area's own trials from each other, which a
/// model of the same variability reaches. The distances within each side are results as well. `p` comes from relabelled
/// conditions. Without conditions on both sides the whole recordings are compared. Errors: measures::NotApplicable with
/// what they lack.
std::vector<Result> trials_of_units(const Call &call, const std::vector<TrainMetric> &metrics, const Area &region,
                                    const Area &area);

} // namespace engram::recordings
