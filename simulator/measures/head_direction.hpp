// direction_tuning() computes how a neuron is tuned to an angle that changes all the time, as that of an animal's head.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

#include <cstddef>

namespace engram::measures {

struct DirectionTuning {
  arma::vec angle;     ///< B: middle of each bin, degrees
  arma::vec occupancy; ///< B: ms
  arma::vec spikes;    ///< B
  arma::vec rate;      ///< B: Hz; NaN in bins that were not visited
  double length = 0;   ///< |Σ r exp(iθ)| / Σ r over visited bins, in [0, 1] (Batschelet 1981); NaN without spikes
  double mean = 0;     ///< the angle of that sum, [0, 360); NaN without spikes, or without direction
};

/// Of spikes (ms) and directions (degrees, of any turn, NaN where not known) at times (ms, increasing). A direction
/// holds until the next sample; that of the last sample holds no time. An interval longer than `longest_gap` ms, and
/// the spikes in it, are left out. Errors: NotApplicable for a direction that is not one for each time, times that do
/// not increase, or spike times that are not sorted; std::invalid_argument for no bins.
DirectionTuning direction_tuning(const arma::vec &time, const arma::vec &direction, const SpikeTrain &train,
                                 std::size_t bins = 36, double longest_gap = 1000);

} // namespace engram::measures
