// track_map() computes the rate of a neuron along a line, as of a place cell on a linear track.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

namespace engram::measures {

struct TrackMap {
  arma::vec occupancy; ///< B: ms
  arma::vec spikes;    ///< B
  arma::vec rate;      ///< B: Hz; NaN in bins that were not visited
  double bits_per_spike =
      0; ///< Σ p (λ / λ̄) log₂(λ / λ̄), p the share of time in a bin (Skaggs et al. 1993); NaN without spikes
};

/// Of spikes (ms) and places at times (ms, increasing) in the bins between `edges` (B + 1, increasing, in the unit of
/// the places; the last edge belongs to the last bin). A place holds until the next sample, that of the last sample no
/// time; NaN is a place that is not known. An interval longer than `longest_gap` ms, and the spikes in it, are left
/// out. Errors: NotApplicable for other than one place for each time, times that do not increase, or spike times that
/// are not sorted; std::invalid_argument for edges that are fewer than two or do not increase.
TrackMap track_map(const arma::vec &time, const arma::vec &place, const SpikeTrain &train, const arma::vec &edges,
                   double longest_gap = 1000);

} // namespace engram::measures
