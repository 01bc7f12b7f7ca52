#include "measures/svcca.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

namespace engram::measures {

namespace {

// Left singular vectors, C × k, that explain `variance` of a centred matrix. Empty where there is none.
arma::mat strong_directions(const arma::mat &centred, double scale, double variance) {
  arma::mat U, V;
  arma::vec s;
  if (centred.has_nan() || !arma::svd_econ(U, s, V, centred, "left")) return {};
  // Below what rounding leaves of nothing.
  const double least =
      static_cast<double>(std::max(centred.n_rows, centred.n_cols)) * std::numeric_limits<double>::epsilon();
  const arma::vec explained = arma::cumsum(arma::square(s));
  std::size_t kept = 0;
  while (kept < s.n_elem && s[kept] > least * std::max(s[0], scale)) {
    ++kept;
    if (explained[kept - 1] >= variance * explained.back()) break;
  }
  return kept == 0 ? arma::mat() : arma::mat(U.head_cols(kept));
}

struct Variates {
  arma::vec correlations;
  arma::mat of_x; // C × k, orthonormal
  arma::mat X;    // centred
};

Variates variates(const arma::mat &X, const arma::mat &Y, double variance) {
  if (X.n_rows != Y.n_rows)
    throw std::invalid_argument("CCA: " + std::to_string(X.n_rows) + " and " + std::to_string(Y.n_rows) +
                                " conditions");
  if (!(variance > 0 && variance <= 1)) throw std::invalid_argument("CCA: the variance kept must be in (0, 1]");
  Variates out;
  out.X = X.each_row() - arma::mean(X, 0);
  const arma::mat y = Y.each_row() - arma::mean(Y, 0);
  const arma::mat U = strong_directions(out.X, arma::norm(X, "fro"), variance);
  const arma::mat W = strong_directions(y, arma::norm(Y, "fro"), variance);
  arma::mat left, right;
  if (U.empty() || W.empty() || !arma::svd_econ(left, out.correlations, right, U.t() * W)) return out;
  out.correlations.clamp(0, 1);
  out.of_x = U * left;
  return out;
}

} // namespace

arma::vec canonical_correlations(const arma::mat &X, const arma::mat &Y, double variance) {
  return variates(X, Y, variance).correlations;
}

double svcca(const arma::mat &X, const arma::mat &Y, double variance) {
  const arma::vec correlations = canonical_correlations(X, Y, variance);
  return correlations.empty() ? unknown : arma::mean(correlations);
}

double pwcca(const arma::mat &X, const arma::mat &Y, double variance) {
  const Variates v = variates(X, Y, variance);
  if (v.correlations.empty()) return unknown;
  const arma::vec weights = arma::sum(arma::abs(v.of_x.t() * v.X), 1);
  return arma::dot(weights, v.correlations) / arma::accu(weights);
}

} // namespace engram::measures
