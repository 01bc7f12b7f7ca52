// These functions estimate the covariance of the neurons' noise, by which distances are weighted.
#pragma once

#include <armadillo>

namespace engram::measures {

struct NoiseCovariance {
  arma::mat covariance; ///< N × N
  double shrinkage = 0; ///< λ: 0 keeps the sample covariance, 1 leaves its diagonal
};

// Repeats X are C × N × R: conditions × neurons × repeats. NaN is a response that was not observed: conditions may have
// different numbers of repeats, and each neuron may lack others.

/// Repeats X less the mean of each condition over its repeats: (C R) × N, the conditions of the first repeat first. NaN
/// stay. Throws NotApplicable for fewer than two repeats.
arma::mat residuals_of_repeats(const arma::cube &X);

/// Covariance of residuals, n × N, shrunk toward its diagonal: s_jk (1 − λ) off the diagonal, with λ the sum of the
/// estimated variances of the correlations over the sum of their squares, cut to [0, 1] (Schäfer & Strimmer 2005, Stat
/// Appl Genet Mol Biol 4:32, target D). λ is scaled as rsatoolbox scales it in `cov_from_residuals` with the method
/// 'shrinkage_diag'; the paper's has n² / (n − 1)³ where that has n / dof², nearly the same for large n. As there, the
/// mean over the residuals is subtracted. `degrees_of_freedom` divides the sums of products.
/// Throws NotApplicable for a neuron without variance (it has no precision: leave it out), for fewer than two
/// residuals, for degrees of freedom that are not positive, and for NaN.
NoiseCovariance noise_covariance(const arma::mat &residuals, double degrees_of_freedom);

/// The same, of the residuals of repeats. The degrees of freedom are those of the trials that are there less one for
/// each condition, C (R − 1) of complete ones, as `cov_from_unbalanced` of rsatoolbox.
///
/// Where a neuron lacks trials that others have, the covariance of two neurons is that of the trials of both. Residuals
/// are about each neuron's own mean, over R_j and R_k trials of a condition of which R_jk are common, so its degrees of
/// freedom are Σ_c R_jk (1 − 1/R_j − 1/R_k + R_jk / (R_j R_k)): without bias. It is 0 of neurons that were never
/// recorded together. Such a covariance need not be positive definite: λ is then raised until the least eigenvalue of
/// its correlations is 0.01.
NoiseCovariance noise_covariance(const arma::cube &X);

/// Neurons that noise_covariance() can take: of finite variance above 0 over the repeats of some condition.
arma::uvec noisy_neurons(const arma::cube &X);

// Covariance Σ_K, C × C, of the noise in the conditions' mean responses, with neurons and repeats as its samples: what
// RdmWhitening takes.

/// Of conditions whose noise is independent, as that of trials at different times: on the diagonal the variance over
/// repeats (divided by their number less 1) by the number of repeats, the mean over the neurons that have two repeats.
/// Throws NotApplicable for a condition of fewer than two repeats or without any variance.
arma::mat independent_condition_noise(const arma::cube &X);

/// Of conditions of which repeat r was measured together, as in one run: their sample covariance, shrunk as
/// noise_covariance(), by the number of repeats. Where trials are missing, the covariance of two conditions is that of
/// the runs r that both have, and the means share the noise of R_cd of R_c and R_d runs: R_cd / (R_c R_d), the mean
/// over neurons, takes the place of 1 / R. Throws NotApplicable as noise_covariance().
arma::mat correlated_condition_noise(const arma::cube &X);

/// Inverse of a covariance, N × N: what the distances take; rsatoolbox's `prec_from_residuals`. Throws
/// NotApplicable where it is not positive definite.
arma::mat noise_precision(const arma::mat &covariance);

} // namespace engram::measures
