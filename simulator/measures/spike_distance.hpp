// These distances between spike trains are metrics with a time scale.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

#include <vector>

namespace engram::measures {

/// Victor & Purpura (1996, J Neurophysiol 76:1310; 1997, Network 8:127), D^spike[q]: the least cost of turning one
/// train into the other, where adding or deleting a spike costs 1 and moving one by Δt costs q |Δt|. `q` is per ms, so
/// that spikes farther apart than 2 / q ms are never matched. q = 0 gives the difference of counts, q = ∞ counts the
/// spikes that are not at one time. O(n k) time with k spikes of b in 4 / q ms, O(m) memory. Errors:
/// NotApplicable when times are not sorted and finite, std::invalid_argument when q is negative.
double victor_purpura(const SpikeTrain &a, const SpikeTrain &b, double q);

/// van Rossum (2001, Neural Comput 13:751): the Euclidean distance of the trains that are convolved with the causal
/// kernel exp(−t / τ), D² = 2 / τ ∫ (f − g)² dt from the first spike to infinity. Normalised as in Elephant: one spike
/// against none has the distance 1; the paper's D is smaller by √2, its D² by 2. `tau` in ms; τ = 0 and τ = ∞ are the
/// limits √(spikes that are not at one time) and |n − m|. O(n + m): between events f − g decays as one number, so that
/// D² is a sum of squares over the intervals, without the cancellation of three double sums.
/// Errors: NotApplicable when times are not sorted and finite, std::invalid_argument when τ is negative.
double van_rossum(const SpikeTrain &a, const SpikeTrain &b, double tau);

/// Of trains that were both observed in these windows alone: no spike is moved from one window to another, and the
/// costs of the windows are added; of van Rossum's distance the squares, each window by itself. Spikes outside are left
/// out. NaN where nothing was observed.
double victor_purpura(const SpikeTrain &a, const SpikeTrain &b, double q, const Observation &observed);
double van_rossum(const SpikeTrain &a, const SpikeTrain &b, double tau, const Observation &observed);

/// Symmetric, trains × trains.
arma::mat victor_purpura(const std::vector<SpikeTrain> &trains, double q);
arma::mat van_rossum(const std::vector<SpikeTrain> &trains, double tau);

} // namespace engram::measures
