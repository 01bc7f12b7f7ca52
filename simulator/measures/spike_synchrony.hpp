// These distances and this synchrony of spike trains need no time scale.
//
// The edges are treated as in PySpike (Mulansky & Kreuz 2016, SoftwareX 5:183). A train is followed by an auxiliary
// spike at max(stop, t_N + last interval) and preceded by one at min(start, t_1 − first interval), at the window's edge
// when there is one spike only; the interval at an edge reaches from the auxiliary spike to the first or last one.
// Between them the distance to the other train stays that of the first or last spike. A train without spikes is taken
// as one with a spike at each edge. (Where a train's only spike lies on `start` PySpike lets the distance run to that
// of an auxiliary spike at `stop`, though not the other way round in time; here it stays.)
//
// Two spikes at one time have an interval of 0 between them, which holds no time; each has a partner of its own, or
// none. So does PySpike but for its SPIKE-distance, which divides 0 by 0 there.
//
// Errors of all: NotApplicable when the window is empty, or when the times of a train are not sorted or lie outside the
// window.
#pragma once

#include "measures/spike_train.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace engram::measures {

/// Kreuz, Haas, Morelli, Abarbanel & Politi (2007, J Neurosci Methods 165:151): the mean over the window of |ν_a − ν_b|
/// / max(ν_a, ν_b) of the intervals ν that hold the time. In [0, 1), 0 for equal trains. O(n + m).
double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window);

/// Kreuz, Chicharro, Houghton, Andrzejak & Mormann (2013, J Neurophysiol 109:1457): the mean over the
/// window of (S_a ν_b + S_b ν_a) / (2 ⟨ν⟩²), where S_a is the distance of a's spikes to the nearest of b, interpolated
/// between the spike before and the one after, and ⟨ν⟩ the mean of both intervals. In [0, 1], 0 for equal trains.
/// O((n + m) log(n + m)).
double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window);

/// Kreuz, Mulansky & Bozanic (2015, J Neurophysiol 113:3432): the share of spikes with a partner in
/// the other train that is nearer than half of each of the four intervals around the two, and than max_tau (ms;
/// infinite by default). Where there is no interval, half of the window stands in. In [0, 1]; 1 without any spikes. O(n
/// + m).
double spike_synchronization(const SpikeTrain &a, const SpikeTrain &b, const Window &window,
                             double max_tau = std::numeric_limits<double>::infinity());

/// Of trains that were both observed in these windows alone, each window with edges of its own: the mean over the time
/// that was observed, and the share of the spikes of all windows. Spikes outside are left out. NaN where nothing was
/// observed.
double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed);
double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed);
double spike_synchronization(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed,
                             double max_tau = std::numeric_limits<double>::infinity());

/// Spikes with a partner in the other train, of both trains.
struct Coincidences {
  std::size_t coincident = 0, spikes = 0;
  double share() const; ///< 1 without any spikes
};
/// Of trains that were both observed in these windows alone. The coincidences of several pairs are added.
Coincidences coincidences(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed,
                          double max_tau = std::numeric_limits<double>::infinity());

/// Of many trains: the mean over all pairs. Errors: NotApplicable also for fewer than two trains.
double isi_distance(const std::vector<SpikeTrain> &trains, const Window &window);
double spike_distance(const std::vector<SpikeTrain> &trains, const Window &window);
/// Of many trains: coincidences of all pairs over the spikes of all pairs.
double spike_synchronization(const std::vector<SpikeTrain> &trains, const Window &window,
                             double max_tau = std::numeric_limits<double>::infinity());
/// The same of trains that were each observed in windows of their own: of a pair, what both were observed in. NaN where
/// no two were observed together.
double spike_synchronization(const std::vector<SpikeTrain> &trains, const std::vector<Observation> &observed);

} // namespace engram::measures
