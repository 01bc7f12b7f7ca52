// These functions fit tuning curves of known form by least squares.
#pragma once

#include "numeric/least_squares.hpp"

#include <armadillo>

namespace engram::measures {

// `response` has one value for each condition; errors of all: NotApplicable when there are fewer responses
// than parameters or one is not finite, std::invalid_argument when there are not as many responses as conditions. Each
// fit starts from several points and the best end is kept; a neuron that is suppressed has a negative amplitude.

/// r(θ) = baseline + amplitude exp(κ (cos 2(θ − preferred) − 1)), θ in degrees: von Mises over orientations (Swindale
/// 1998, Biol Cybern 78:45).
struct OrientationTuning {
  numeric::Fitted baseline, amplitude;
  numeric::Fitted preferred;     ///< degrees, [0, 180)
  numeric::Fitted concentration; ///< κ ≥ 0
  numeric::FitQuality quality;
};
OrientationTuning fit_orientation(const arma::vec &orientation, const arma::vec &response);

/// r(θ) = baseline + amplitude exp(κ (cos(θ − preferred) − 1)) + opposite exp(κ (−cos(θ − preferred) − 1)): a peak at
/// the preferred direction and one of the same width opposite of it (Swindale 1998). amplitude ≥ opposite.
struct DirectionTuning {
  numeric::Fitted baseline, amplitude, opposite;
  numeric::Fitted preferred;     ///< degrees, [0, 360)
  numeric::Fitted concentration; ///< κ ≥ 0
  numeric::FitQuality quality;
};
DirectionTuning fit_direction(const arma::vec &direction, const arma::vec &response);

/// r(x) = baseline + amplitude exp(−(x − preferred)² / (2 width²)).
struct GaussianTuning {
  numeric::Fitted baseline, amplitude;
  numeric::Fitted preferred; ///< in units of x
  numeric::Fitted width;     ///< standard deviation: in units of x, or in octaves on a logarithmic axis
  numeric::FitQuality quality;
};
enum class Axis { linear, logarithmic };
/// On a logarithmic axis the Gaussian is one of log₂ x, and `preferred` is given in units of x, with a standard error
/// by the delta method. Errors: NotApplicable also when x is not positive on a logarithmic axis.
GaussianTuning fit_gaussian(const arma::vec &x, const arma::vec &response, Axis axis = Axis::linear);

} // namespace engram::measures
