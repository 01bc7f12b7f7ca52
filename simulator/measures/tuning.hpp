// These functions compute tuning curves, and measures of a neuron's selectivity from them.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// Responses by condition.
struct TuningCurves {
  arma::mat mean; ///< C × N: conditions × neurons; NaN where there is no response
  arma::mat sem; ///< C × N: standard error of the mean (deviation divided by n − 1); NaN with fewer than two responses
  arma::umat count; ///< C × N: responses that are not NaN
};

/// Of C × N × R responses (conditions × neurons × repeats). NaN is a response that is missing.
TuningCurves tuning_curves(const arma::cube &responses);
/// Of M × N responses (trials × neurons) with the condition 0 … conditions − 1 of each trial.
/// Errors: std::invalid_argument when there is not one condition for each trial or one is beyond `conditions`.
TuningCurves tuning_curves(const arma::mat &responses, const std::vector<std::size_t> &condition,
                           std::size_t conditions);

// Of one neuron: `angle` in degrees, `response` of each. All give NaN when a response is NaN or their denominator is
// not positive. Errors: NotApplicable when there are no conditions, std::invalid_argument when there are not as
// many responses as angles.

/// 1 − circular variance (Batschelet 1981; Ringach, Shapley & Hawken 2002, J Neurosci 22:5639; the L_ori and L_dir of
/// Mazurek, Kager & Van Hooser 2014, Front Neural Circuits 8:92): |Σ r exp(2πi θ / period)| / Σ r. The period is 180
/// for orientation, 360 for direction. Angles are evenly spaced over a multiple of the period, and responses not
/// negative, if it is to lie in [0, 1] and to be 0 without tuning.
double vector_selectivity(const arma::vec &angle, const arma::vec &response, double period);
/// The angle of that sum, in [0, period). NaN when the sum is 0 to rounding.
double preferred_angle(const arma::vec &angle, const arma::vec &response, double period);
/// Σ r x / Σ r: the preferred value on an axis without a period.
double preferred_value(const arma::vec &value, const arma::vec &response);

/// Orientation selectivity index (R_pref − R_orth) / (R_pref + R_orth) (Niell & Stryker 2008, J Neurosci 28:7520).
/// R_pref is the greatest response, averaged with that to the opposite direction where it was shown; R_orth is the mean
/// of the responses at ±90° from it. (The OI of Mazurek et al. 2014 has the same numerator over R_pref alone.) Errors:
/// NotApplicable also when no angle lies 90° from the preferred one.
double orientation_selectivity_index(const arma::vec &angle, const arma::vec &response);
/// Direction selectivity index (R_pref − R_null) / (R_pref + R_null), with R_null the response to the direction
/// opposite of the preferred. (The DI of Mazurek et al. 2014 divides by R_pref.) Errors: NotApplicable also
/// when the opposite direction is not there.
double direction_selectivity_index(const arma::vec &angle, const arma::vec &response);

/// (a − b) / (a + b): Michelson's contrast of two responses, the selectivity index for one of two stimuli. NaN when the
/// sum is not positive.
double selectivity_index(double a, double b);
/// Depth of selectivity (Moody, Wise, di Pellegrino & Zipser 1998, J Neurosci 18:399): (n − Σ r / r_max) / (n − 1).
/// 0 when all responses are equal, 1 when there is one. NaN for fewer than two or when r_max is not positive.
double depth_of_selectivity(const arma::vec &response);

/// Rolls & Tovee (1995, J Neurophysiol 73:713): a = (Σ r / n)² / (Σ r² / n), between 1 / n when there is one response
/// and 1 when all are equal. NaN without responses or when all are 0.
double rolls_tovee(const arma::vec &response);
/// Vinje & Gallant (2000, Science 287:1273): S = (1 − a) / (1 − 1 / n), between 0 when all are equal and 1. NaN for
/// fewer than two.
double sparseness(const arma::vec &response);
/// Vinje & Gallant's S of each neuron over the conditions of C × N mean responses: N.
arma::vec lifetime_sparseness(const arma::mat &response);
/// The same of each condition over the neurons: C.
arma::vec population_sparseness(const arma::mat &response);

} // namespace engram::measures
