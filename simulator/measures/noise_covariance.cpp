#include "measures/noise_covariance.hpp"

#include "error/error.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

// What a covariance is made of, by pairs of columns: sums over the rows that both have.
struct Products {
  arma::mat sums;    // Σ_i x_ij x_ik
  arma::mat squares; // Σ_i x_ij² x_ik²
  arma::mat rows;    // n: rows that both have
  arma::mat freedom; // what divides the sums
};

constexpr double least_eigenvalue = 0.01; // of the correlations, of a covariance of incomplete data

// Over the pairs j ≠ k, with w_i = x_ij x_ik / (σ_j σ_k): r = Σ w / (n − 1), Var r = n / dof² (Σ w² / (n − 1) − r²).
// The covariance is not shrunk yet.
NoiseCovariance sample_covariance(const Products &of) {
  NoiseCovariance out;
  out.covariance = of.sums / of.freedom;
  out.covariance.replace(arma::datum::nan, 0.0); // no row is common, or none is free
  const arma::vec variance = out.covariance.diag(), deviation = arma::sqrt(variance);
  for (std::size_t k = 0; k < variance.n_elem; ++k)
    if (!(variance[k] > 0)) throw NotApplicable("noise covariance: neuron " + std::to_string(k) + " has no variance");
  double variances = 0, correlations = 0;
  for (std::size_t k = 0; k < variance.n_elem; ++k)
    for (std::size_t j = 0; j < k; ++j) {
      const double n = of.rows.at(j, k), freedom = of.freedom.at(j, k);
      if (n < 2 || !(freedom > 0)) {
        out.covariance.at(j, k) = out.covariance.at(k, j) = 0;
        continue;
      }
      const double r = of.sums.at(j, k) / (deviation[j] * deviation[k] * (n - 1));
      variances += (of.squares.at(j, k) / (variance[j] * variance[k] * (n - 1)) - r * r) * n / (freedom * freedom);
      correlations += r * r;
    }
  out.shrinkage = correlations > 0 ? std::clamp(variances / correlations, 0.0, 1.0) : 1.0;
  return out;
}

void shrink(NoiseCovariance &noise) {
  const arma::vec variance = noise.covariance.diag();
  noise.covariance *= 1 - noise.shrinkage;
  noise.covariance.diag() = variance;
}

// Shrunk by λ, the least eigenvalue e of correlations becomes 1 + (1 − λ) (e − 1).
void raise_shrinkage(NoiseCovariance &noise) {
  const arma::vec deviation = arma::sqrt(noise.covariance.diag());
  arma::vec eigenvalues;
  if (!arma::eig_sym(eigenvalues, arma::symmatu(arma::mat(noise.covariance / (deviation * deviation.t())))))
    throw Failed("the eigenvalues did not converge");
  const double least = eigenvalues.min();
  if (1 + (1 - noise.shrinkage) * (least - 1) < least_eigenvalue)
    noise.shrinkage = 1 - (1 - least_eigenvalue) / (1 - least);
}

// Of residuals, n × N, none of which is missing.
NoiseCovariance of_complete(arma::mat x, double degrees_of_freedom) {
  if (x.n_rows < 2)
    throw NotApplicable("noise covariance: " + std::to_string(x.n_rows) + " residuals, at least 2 are needed");
  if (!(degrees_of_freedom > 0)) throw NotApplicable("noise covariance: degrees of freedom must be positive");
  if (x.has_nan()) throw NotApplicable("noise covariance: a residual is not a number");
  x.each_row() -= arma::rowvec(arma::mean(x, 0));
  const arma::mat x2 = arma::square(x);
  const arma::uword neurons = x.n_cols;
  const arma::mat rows(neurons, neurons, arma::fill::value(static_cast<double>(x.n_rows))),
      freedom(neurons, neurons, arma::fill::value(degrees_of_freedom));
  NoiseCovariance out = sample_covariance({x.t() * x, x2.t() * x2, rows, freedom});
  shrink(out);
  return out;
}

// Of residuals of which some are missing: 0 there, with 1 in `there` where they are not.
NoiseCovariance of_incomplete(const arma::mat &residuals, const arma::mat &there, const arma::mat &freedom) {
  const arma::mat x2 = arma::square(residuals);
  NoiseCovariance out = sample_covariance({residuals.t() * residuals, x2.t() * x2, there.t() * there, freedom});
  raise_shrinkage(out);
  shrink(out);
  return out;
}

// 1 where a number is, and 0 where it is missing; and x with 0 in the place of NaN.
arma::mat mask_of(arma::mat &x) {
  arma::mat there(arma::size(x), arma::fill::ones);
  for (arma::uword k = 0; k < x.n_elem; ++k)
    if (std::isnan(x[k])) there[k] = x[k] = 0;
  return there;
}

// What the sum over common rows of the products of residuals about own means has to be divided by. `there`: repeats ×
// columns, of one group of repeats that have one mean.
arma::mat freedom_of(const arma::mat &there) {
  const arma::mat common = there.t() * there; // R_jk
  const arma::vec inverse = 1 / arma::vec(common.diag());
  arma::mat out(arma::size(common), arma::fill::zeros);
  for (arma::uword k = 0; k < common.n_cols; ++k)
    for (arma::uword j = 0; j < common.n_rows; ++j)
      if (const double r = common.at(j, k); r > 0)
        out.at(j, k) = r * (1 - inverse[j] - inverse[k] + r * inverse[j] * inverse[k]);
  return out;
}

} // namespace

arma::mat residuals_of_repeats(const arma::cube &X) {
  if (X.n_slices < 2)
    throw NotApplicable("noise covariance: " + std::to_string(X.n_slices) + " repeats, at least 2 are needed");
  const arma::mat mean = mean_response(X);
  arma::mat residuals(X.n_rows * X.n_slices, X.n_cols);
  for (std::size_t r = 0; r < X.n_slices; ++r) residuals.rows(r * X.n_rows, (r + 1) * X.n_rows - 1) = X.slice(r) - mean;
  return residuals;
}

NoiseCovariance noise_covariance(const arma::mat &residuals, double degrees_of_freedom) {
  return of_complete(residuals, degrees_of_freedom);
}

NoiseCovariance noise_covariance(const arma::cube &X) {
  arma::mat residuals = residuals_of_repeats(X);
  if (!residuals.has_nan()) return of_complete(std::move(residuals), static_cast<double>(X.n_rows * (X.n_slices - 1)));
  // Trials that no neuron has count nothing. Where all neurons have the others, this is the covariance of these.
  std::vector<arma::uword> trials, of_condition(X.n_rows);
  bool whole = true;
  for (arma::uword t = 0; t < residuals.n_rows; ++t) {
    const arma::uvec there = arma::find_finite(residuals.row(t));
    if (there.is_empty()) continue;
    trials.push_back(t);
    ++of_condition[t % X.n_rows];
    whole = whole && there.n_elem == residuals.n_cols;
  }
  if (whole) {
    const auto conditions =
        X.n_rows - static_cast<arma::uword>(std::count(of_condition.begin(), of_condition.end(), 0U));
    return noise_covariance(residuals.rows(arma::uvec(trials)), static_cast<double>(trials.size() - conditions));
  }
  const arma::mat there = mask_of(residuals);
  arma::mat freedom(X.n_cols, X.n_cols, arma::fill::zeros), own(X.n_slices, X.n_cols);
  for (arma::uword c = 0; c < X.n_rows; ++c) {
    for (arma::uword r = 0; r < X.n_slices; ++r) own.row(r) = there.row(r * X.n_rows + c);
    freedom += freedom_of(own);
  }
  return of_incomplete(residuals, there, freedom);
}

arma::uvec noisy_neurons(const arma::cube &X) {
  if (X.n_slices < 2)
    throw NotApplicable("noise covariance: " + std::to_string(X.n_slices) + " repeats, at least 2 are needed");
  const arma::mat mean = mean_response(X);
  std::vector<arma::uword> out;
  for (arma::uword n = 0; n < X.n_cols; ++n) {
    double most = 0, around = 0; // greatest residual, and greatest mean
    for (arma::uword c = 0; c < X.n_rows; ++c) {
      const double level = mean.at(c, n);
      if (!std::isfinite(level)) continue;
      around = std::max(around, std::abs(level));
      for (arma::uword r = 0; r < X.n_slices; ++r)
        if (const double left = std::abs(X.at(c, n, r) - level); std::isfinite(left)) most = std::max(most, left);
    }
    if (most > 1e-13 * around) out.push_back(n); // more than rounding
  }
  return arma::uvec(out);
}

arma::mat independent_condition_noise(const arma::cube &X) {
  arma::vec variance(X.n_rows);
  for (arma::uword c = 0; c < X.n_rows; ++c) {
    double sum = 0;
    std::size_t neurons = 0;
    for (arma::uword n = 0; n < X.n_cols; ++n) {
      const arma::vec all = arma::vectorise(arma::cube(X.subcube(c, n, 0, c, n, X.n_slices - 1)));
      const arma::vec there = all(arma::find_finite(all));
      if (there.n_elem < 2) continue;
      sum += arma::var(there) / static_cast<double>(there.n_elem);
      ++neurons;
    }
    variance[c] = neurons > 0 ? sum / static_cast<double>(neurons) : 0;
    if (!(variance[c] > 0))
      throw NotApplicable("noise of the conditions: condition " + std::to_string(c + 1) + " has " +
                          (neurons == 0 ? "no two repeats" : "no variance over repeats"));
  }
  return arma::diagmat(variance);
}

arma::mat correlated_condition_noise(const arma::cube &X) {
  const arma::mat residuals = residuals_of_repeats(X); // conditions of the first repeat first
  arma::mat samples(X.n_cols * X.n_slices, X.n_rows);
  for (arma::uword r = 0; r < X.n_slices; ++r)
    samples.rows(r * X.n_cols, (r + 1) * X.n_cols - 1) = residuals.rows(r * X.n_rows, (r + 1) * X.n_rows - 1).t();
  for (arma::uword c = 0; c < X.n_rows; ++c) {
    const arma::vec left = samples.col(c);
    if (arma::any(arma::vec(left(arma::find_finite(left))))) continue;
    throw NotApplicable("noise of the conditions: condition " + std::to_string(c + 1) +
                        " has no variance over repeats");
  }
  if (!samples.has_nan())
    return noise_covariance(samples, static_cast<double>(X.n_cols * (X.n_slices - 1))).covariance /
           static_cast<double>(X.n_slices);
  const arma::mat there = mask_of(samples);
  arma::mat freedom(X.n_rows, X.n_rows, arma::fill::zeros), shared = freedom, neurons = freedom,
                                                            own(X.n_slices, X.n_rows);
  for (arma::uword n = 0; n < X.n_cols; ++n) {
    for (arma::uword r = 0; r < X.n_slices; ++r) own.row(r) = there.row(r * X.n_cols + n);
    freedom += freedom_of(own);
    const arma::mat common = own.t() * own;
    const arma::vec repeats = common.diag();
    for (arma::uword d = 0; d < X.n_rows; ++d)
      for (arma::uword c = 0; c < X.n_rows; ++c)
        if (repeats[c] > 0 && repeats[d] > 0) {
          shared.at(c, d) += common.at(c, d) / (repeats[c] * repeats[d]);
          neurons.at(c, d) += 1;
        }
  }
  shared /= neurons;
  shared.replace(arma::datum::nan, 0.0);
  return of_incomplete(samples, there, freedom).covariance % shared;
}

arma::mat noise_precision(const arma::mat &covariance) {
  arma::mat precision;
  if (!covariance.is_square() || !arma::inv_sympd(precision, arma::symmatu(covariance)))
    throw NotApplicable("noise covariance: not positive definite");
  return precision;
}

} // namespace engram::measures
