// These functions measure how many dimensions a representation takes up.
#pragma once

#include <armadillo>

#include <cstddef>

namespace engram::measures {

/// Eigenvalues λ of the covariance over conditions (normalised by C − 1) of X, C × N, descending: min(C − 1, N) of
/// them, 0 or more. NotApplicable for fewer than two conditions, no neuron, or values that are not finite.
arma::vec variance_spectrum(const arma::mat &x);

/// Participation ratio (Σλ)² / Σλ² (Abbott, Rajan & Sompolinsky 2011; Gao et al. 2017, bioRxiv 214262): between
/// 1 and min(C − 1, N). From the traces of the covariance and of its square, without its eigenvalues. With few
/// conditions it is too low: C independent samples of N equal dimensions have about N C / (N + C) of them. NaN where
/// nothing varies. Errors as above.
double participation_ratio(const arma::mat &x);

/// The fewest principal components that hold this share of the variance, 0 < share ≤ 1. 0 where nothing varies.
/// std::invalid_argument for another share, and as above.
std::size_t components_for_variance(const arma::mat &x, double share);

} // namespace engram::measures
