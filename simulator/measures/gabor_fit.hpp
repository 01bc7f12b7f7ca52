// fit_gabor() fits a two-dimensional Gabor function to a receptive field.
#pragma once

#include "numeric/least_squares.hpp"

#include <armadillo>

namespace engram::measures {

/// h(x, y) = amplitude exp(−x'² / (2 σ_x²) − y'² / (2 σ_y²)) cos(2π frequency x' + phase), with x' = (x − x₀) cos θ +
/// (y − y₀) sin θ and y' = −(x − x₀) sin θ + (y − y₀) cos θ (Jones & Palmer 1987, J Neurophysiol 58:1233, with the
/// envelope's axes along and across the grating as in Ringach 2002, J Neurophysiol 88:455). x counts columns and y rows
/// from 0, in pixels.
struct Gabor {
  numeric::Fitted amplitude;   ///< > 0
  numeric::Fitted x, y;        ///< centre, pixels
  numeric::Fitted orientation; ///< θ, degrees, [0, 180): the direction in which the grating changes, from x towards y
  numeric::Fitted sigma_x;     ///< along that direction, pixels
  numeric::Fitted sigma_y;     ///< across it, along the stripes, pixels
  numeric::Fitted frequency;   ///< cycles per pixel, ≥ 0 and at most 0.5 in x and in y, which is what pixels resolve
  numeric::Fitted phase;       ///< degrees, [0, 360): 0 even and bright, 180 even and dark, 90 and 270 odd
  numeric::FitQuality quality;
};

/// Least squares over the eight parameters, from starts at the peaks of the field's spectrum and two estimates of its
/// place and size: the least of the minima that are found. `quality.rivals` says how many others are as good within
/// noise. No offset is fitted: subtract the stimulus' mean first. Errors: NotApplicable for a field that is
/// smaller than 3 × 3, constant 0 or not finite.
Gabor fit_gabor(const arma::mat &field);

} // namespace engram::measures
