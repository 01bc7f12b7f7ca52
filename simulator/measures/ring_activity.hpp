// These functions read the heading that a ring of neurons holds, and measure how it follows the animal's own.
#pragma once

#include <armadillo>

#include <cstddef>

namespace engram::measures {

/// F / F₀ − 1 of each column of F, T × N (fluorescence), F₀ the mean of its ⌊share T⌋ smallest values. Errors:
/// NotApplicable where that is none, or F₀ is not above 0, or a value is not finite; std::invalid_argument for a share
/// outside (0, 1].
arma::mat relative_fluorescence(const arma::mat &fluorescence, double share = 0.1);

/// Means of `width` neighbouring rows, T − width + 1 × N. Errors: NotApplicable for fewer rows than that;
/// std::invalid_argument for a width of 0.
arma::mat moving_average(const arma::mat &x, std::size_t width);

/// Angles (radians) of which each differs from the one before by half a turn at most.
arma::vec unwrapped(const arma::vec &angle);

/// Where the activity of N neurons, evenly around a ring, points: z = Σ_k a_k exp(2πi k / N), at each of T times.
struct RingVector {
  arma::vec phase;  ///< T: of z, radians, unwrapped
  arma::vec length; ///< T: |z| / Σ a, in [0, 1] where activity is not negative (population vector average)
};
/// Errors: NotApplicable for fewer than three neurons, or activity that is not finite.
RingVector ring_vector(const arma::mat &activity);

/// How one angle follows another, both unwrapped (radians).
struct Following {
  double slope = 0;      ///< of the phase on the heading, by least squares: the gain
  double r = 0;          ///< Pearson's
  double r_of_steps = 0; ///< Pearson's of the changes from one sample to the next
  double turns = 0;      ///< the range of the heading in turns
};
/// NaN where an angle does not change. Errors: NotApplicable for fewer than three samples; std::invalid_argument for
/// different lengths.
Following following(const arma::vec &phase, const arma::vec &heading);

} // namespace engram::measures
