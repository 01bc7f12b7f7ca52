// These functions find receptive fields by reverse correlation of spikes with the stimulus.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

#include <cstddef>
#include <cstdint>

namespace engram::measures {

// A stimulus is T × P: samples × pixels (one column for a signal). Lag l is the sample that lies l before the spike's.

/// Spikes by sample of a stimulus whose sample k was shown from start + k step to start + (k + 1) step (ms): T. A spike
/// within 1e-9 of a step before a sample's begin belongs to it. Spikes outside the stimulus are not counted.
/// Errors: NotApplicable when times are not sorted or step is not positive.
arma::vec spikes_by_sample(const SpikeTrain &train, std::size_t samples, double start, double step);

/// Mean of the stimulus before a spike.
struct SpikeTriggeredAverage {
  arma::mat average; ///< L × P: row l is the sample l before that of the spike
  arma::rowvec mean; ///< P: of the whole stimulus, to be subtracted
  double spikes = 0; ///< that entered: those with L samples up to their own
};

/// With spikes (T, from spikes_by_sample; any weights that are not negative) and L = lags. The average is NaN when no
/// spike has a whole history. Errors: NotApplicable when there is no sample, a value is not finite, a
/// count is negative, or lags is more than T; std::invalid_argument when there are not as many counts as samples or
/// lags is 0.
SpikeTriggeredAverage spike_triggered_average(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags);

/// Is the average less the mean longer than the averages of spikes that are shifted in time (circularly, by at least L
/// samples)? It must be longer than all 199 of them but one (p ≤ 0.01). An average that is not significant points in a
/// random direction, most likely along an axis of raised variance. If it were removed, the covariance would lose that
/// axis. (Along such an axis averages scatter more than those of shifted spikes, so that somewhat more than 1 % pass.)
/// Errors: those of the average, and NotApplicable for too short a stimulus to shift.
bool average_is_significant(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags,
                            std::uint64_t seed = 0);

/// Space-time separability of an L × P field by its singular values.
struct Separability {
  double index = 0; ///< σ₁² / Σ σ²: 1 when the field is a product of one time course and one pattern; NaN of a 0 field
  arma::vec time;  ///< L: u₁ √σ₁, of the sign that makes its greatest value positive
  arma::vec space; ///< P: v₁ √σ₁, so that time spaceᵀ is the best separable field
};
/// DeAngelis, Ohzawa & Freeman (1995, Trends Neurosci 18:451); Depireux, Simon, Klein & Shamma (2001, J Neurophysiol
/// 85:1220), whose α is 1 − index. Subtract the stimulus' mean first. Errors: NotApplicable for an empty field.
Separability separability(const arma::mat &field);

struct CovarianceOptions {
  std::size_t surrogates = 200;
  double level = 0.01;        ///< two-sided, for the extreme eigenvalues of each round
  bool remove_average = true; ///< look in the space orthogonal to the spike-triggered average (Rust et al. 2005); wise
                              ///< where it is significant
  std::uint64_t seed = 0;
};

/// Axes of the stimulus (D = L P values: lag 0 of all pixels, lag 1 of all …) along which its variance before a spike
/// differs from that of the whole.
struct SpikeTriggeredCovariance {
  arma::vec eigenvalue;     ///< of the difference of covariances, descending; D, or D − 1 without the average's axis
  arma::mat eigenvector;    ///< D × as many
  arma::uvec significant;   ///< places in `eigenvalue` of those that are, in order of their finding
  double low = 0, high = 0; ///< what the surrogates' extreme eigenvalues leave, in the last round (nothing was beyond)
  double spikes = 0;
};

/// ΔC = Σ (s − a)(s − a)ᵀ / (n − 1) over spikes − the same over all samples with a whole history, each about its own
/// mean (de Ruyter van Steveninck & Bialek 1988, Proc R Soc B 234:379; Schwartz, Pillow, Rust & Simoncelli 2006, J Vis
/// 6:484). Significance by the nested test of Rust, Schwartz, Movshon & Simoncelli (2005, Neuron 46:945): the largest
/// and smallest eigenvalue are compared with those of surrogates in which the spikes are shifted in time (circularly,
/// by at least L samples); the one farther beyond is significant, its axis is removed from the stimuli of data and
/// surrogates, and what remains is tested again. O((1 + surrogates × rounds) (n D² + D³)). Errors: those of the
/// average; NotApplicable also for fewer than two spikes and too short a stimulus to shift, std::invalid_argument for
/// no surrogates and a level that is not in (0, 1).
SpikeTriggeredCovariance spike_triggered_covariance(const arma::mat &stimulus, const arma::vec &spikes,
                                                    std::size_t lags, const CovarianceOptions &options = {});

} // namespace engram::measures
