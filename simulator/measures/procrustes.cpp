#include "measures/procrustes.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace engram::measures {

namespace {

// Centred, of norm 1, and turned into as many columns as there are conditions if it has more, which no rotation sees.
// Empty where there is no such thing.
arma::mat normalised(const arma::mat &X) {
  arma::mat centred = X.each_row() - arma::mean(X, 0);
  const double length = arma::norm(centred, "fro");
  // Below what rounding leaves of a constant column.
  if (!(length > 1e-14 * arma::norm(X, "fro"))) return {};
  centred /= length;
  if (centred.n_cols <= centred.n_rows) return centred;
  arma::mat Q, R;
  if (!arma::qr_econ(Q, R, centred.t())) return {};
  return R.t();
}

} // namespace

double procrustes_similarity(const arma::mat &X, const arma::mat &Y) {
  if (X.n_rows != Y.n_rows)
    throw std::invalid_argument("Procrustes: " + std::to_string(X.n_rows) + " and " + std::to_string(Y.n_rows) +
                                " conditions");
  const arma::mat x = normalised(X), y = normalised(Y);
  arma::vec singular;
  if (x.empty() || y.empty() || !arma::svd(singular, arma::mat(x.t() * y))) return unknown;
  return std::min(1.0, arma::accu(singular));
}

double procrustes_distance(const arma::mat &X, const arma::mat &Y) {
  return std::sqrt(2 - 2 * procrustes_similarity(X, Y));
}

double procrustes_angle(const arma::mat &X, const arma::mat &Y) { return std::acos(procrustes_similarity(X, Y)); }

} // namespace engram::measures
