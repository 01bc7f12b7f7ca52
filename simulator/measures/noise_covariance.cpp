#include "measures/noise_covariance.hpp"

#include "measures/not_applicable.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace engram::measures {

arma::mat residuals_of_repeats(const arma::cube &X) {
  if (X.n_slices < 2)
    throw NotApplicable("noise covariance: " + std::to_string(X.n_slices) + " repeats, at least 2 are needed");
  arma::mat mean(X.n_rows, X.n_cols, arma::fill::zeros);
  for (std::size_t r = 0; r < X.n_slices; ++r) mean += X.slice(r);
  mean /= static_cast<double>(X.n_slices);
  arma::mat residuals(X.n_rows * X.n_slices, X.n_cols);
  for (std::size_t r = 0; r < X.n_slices; ++r) residuals.rows(r * X.n_rows, (r + 1) * X.n_rows - 1) = X.slice(r) - mean;
  return residuals;
}

NoiseCovariance noise_covariance(const arma::mat &residuals, double degrees_of_freedom) {
  const auto n = static_cast<double>(residuals.n_rows);
  if (residuals.n_rows < 2)
    throw NotApplicable("noise covariance: " + std::to_string(residuals.n_rows) + " residuals, at least 2 are needed");
  if (!(degrees_of_freedom > 0)) throw NotApplicable("noise covariance: degrees of freedom must be positive");
  if (residuals.has_nan()) throw NotApplicable("noise covariance: a residual is not a number");

  const arma::mat x = residuals.each_row() - arma::mean(residuals, 0);
  const arma::mat x2 = arma::square(x);
  NoiseCovariance out;
  out.covariance = x.t() * x / degrees_of_freedom;
  const arma::vec variance = out.covariance.diag();
  for (std::size_t k = 0; k < variance.n_elem; ++k)
    if (!(variance[k] > 0)) throw NotApplicable("noise covariance: neuron " + std::to_string(k) + " has no variance");

  // Over the pairs j ≠ k, with w_i = x_ij x_ik / (σ_j σ_k): r = Σ w / (n − 1), Var r = n / dof² (Σ w² / (n − 1) − r²).
  const arma::mat squares = x2.t() * x2; // Σ_i x_ij² x_ik²
  const arma::vec deviation = arma::sqrt(variance);
  double variances = 0, correlations = 0;
  for (std::size_t k = 0; k < variance.n_elem; ++k)
    for (std::size_t j = 0; j < k; ++j) {
      const double r = out.covariance.at(j, k) * degrees_of_freedom / (deviation[j] * deviation[k] * (n - 1));
      variances += squares.at(j, k) / (variance[j] * variance[k] * (n - 1)) - r * r;
      correlations += r * r;
    }
  variances *= n / (degrees_of_freedom * degrees_of_freedom);
  out.shrinkage = correlations > 0 ? std::clamp(variances / correlations, 0.0, 1.0) : 1.0;
  out.covariance *= 1 - out.shrinkage;
  out.covariance.diag() = variance;
  return out;
}

NoiseCovariance noise_covariance(const arma::cube &X) {
  return noise_covariance(residuals_of_repeats(X), static_cast<double>(X.n_rows * (X.n_slices - 1)));
}

arma::mat independent_condition_noise(const arma::cube &X) {
  arma::vec variance(X.n_rows);
  for (arma::uword c = 0; c < X.n_rows; ++c) {
    arma::mat repeats(X.n_cols, 0);
    for (arma::uword r = 0; r < X.n_slices; ++r)
      if (const arma::rowvec one = X.slice(r).row(c); one.is_finite()) repeats.insert_cols(repeats.n_cols, one.t());
    const auto count = static_cast<double>(repeats.n_cols);
    variance[c] = repeats.n_cols < 2 ? 0 : arma::mean(arma::vec(arma::var(repeats, 0, 1))) / count;
    if (!(variance[c] > 0))
      throw NotApplicable("noise of the conditions: condition " + std::to_string(c + 1) + " has " +
                          (repeats.n_cols < 2 ? "no two repeats" : "no variance over repeats"));
  }
  return arma::diagmat(variance);
}

arma::mat correlated_condition_noise(const arma::cube &X) {
  const arma::mat residuals = residuals_of_repeats(X); // conditions of the first repeat first
  arma::mat samples(X.n_cols * X.n_slices, X.n_rows);
  for (arma::uword r = 0; r < X.n_slices; ++r)
    samples.rows(r * X.n_cols, (r + 1) * X.n_cols - 1) = residuals.rows(r * X.n_rows, (r + 1) * X.n_rows - 1).t();
  return noise_covariance(samples, static_cast<double>(X.n_cols * (X.n_slices - 1))).covariance /
         static_cast<double>(X.n_slices);
}

arma::mat noise_precision(const arma::mat &covariance) {
  arma::mat precision;
  if (!covariance.is_square() || !arma::inv_sympd(precision, arma::symmatu(covariance)))
    throw NotApplicable("noise covariance: not positive definite");
  return precision;
}

} // namespace engram::measures
