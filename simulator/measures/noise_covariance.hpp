// These functions estimate the covariance of the neurons' noise, by which distances are weighted.
#pragma once

#include <armadillo>

namespace engram::measures {

struct NoiseCovariance {
  arma::mat covariance; ///< N × N
  double shrinkage = 0; ///< λ: 0 keeps the sample covariance, 1 leaves its diagonal
};

/// Repeats X, C × N × R, less the mean of each condition over its repeats: (C R) × N, the conditions of the first
/// repeat first. Throws NotApplicable for fewer than two repeats.
arma::mat residuals_of_repeats(const arma::cube &X);

/// Covariance of residuals, n × N, shrunk toward its diagonal: s_jk (1 − λ) off the diagonal, with λ the sum of the
/// estimated variances of the correlations over the sum of their squares, cut to [0, 1] (Schäfer & Strimmer 2005, Stat
/// Appl Genet Mol Biol 4:32, target D). λ is scaled as rsatoolbox scales it in `cov_from_residuals` with the method
/// 'shrinkage_diag'; the paper's has n² / (n − 1)³ where that has n / dof², nearly the same for large n. As there, the
/// mean over the residuals is subtracted. `degrees_of_freedom` divides the sums of products: C (R − 1) for
/// residuals_of_repeats(), as `cov_from_unbalanced` of rsatoolbox.
/// Throws NotApplicable for a neuron without variance (it has no precision: leave it out), for fewer than two
/// residuals, for degrees of freedom that are not positive, and for NaN.
NoiseCovariance noise_covariance(const arma::mat &residuals, double degrees_of_freedom);

/// The same, of the residuals of repeats: C × N × R.
NoiseCovariance noise_covariance(const arma::cube &X);

// Covariance Σ_K, C × C, of the noise in the conditions' mean responses, with neurons and repeats as its samples: what
// RdmWhitening takes. Responses X: C × N × R.

/// Of conditions whose noise is independent, as that of trials at different times: on the diagonal the variance over
/// repeats (divided by their number less 1, mean over neurons) by the number of repeats. A repeat in which a neuron is
/// NaN is left out of its condition. Throws NotApplicable for a condition of fewer than two repeats or without
/// any variance.
arma::mat independent_condition_noise(const arma::cube &X);

/// Of conditions of which repeat r was measured together, as in one run: their sample covariance by the number of
/// repeats, shrunk as noise_covariance(). Throws NotApplicable as that does.
arma::mat correlated_condition_noise(const arma::cube &X);

/// Inverse of a covariance, N × N: what the distances take; rsatoolbox's `prec_from_residuals`. Throws
/// NotApplicable where it is not positive definite.
arma::mat noise_precision(const arma::mat &covariance);

} // namespace engram::measures
