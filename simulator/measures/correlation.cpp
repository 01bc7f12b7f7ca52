#include "measures/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

arma::mat centred_columns(const arma::mat &x) {
  arma::mat out = x;
  for (arma::uword c = 0; c < out.n_cols; ++c) {
    auto column = out.col(c);
    const double size = arma::norm(column, 2);
    column -= arma::mean(column);
    if (arma::norm(column, 2) <= 1e-13 * size) column.zeros();
  }
  return out;
}

arma::vec column_correlations(const arma::mat &a, const arma::mat &b) {
  if (arma::size(a) != arma::size(b)) throw std::invalid_argument("correlation of responses of different shapes");
  const arma::mat x = centred_columns(a), y = centred_columns(b);
  arma::vec out(a.n_cols);
  for (arma::uword c = 0; c < a.n_cols; ++c) {
    const double r = arma::dot(x.col(c), y.col(c)) / (arma::norm(x.col(c), 2) * arma::norm(y.col(c), 2)); // 0 / 0: NaN
    out[c] = std::isnan(r) ? r : std::clamp(r, -1.0, 1.0);
  }
  return out;
}

arma::mat correlation_matrix(const arma::mat &x) {
  arma::mat z = centred_columns(x);
  for (arma::uword c = 0; c < z.n_cols; ++c) z.col(c) /= arma::norm(z.col(c), 2);
  arma::mat out = arma::clamp(arma::mat(z.t() * z), -1.0, 1.0);
  for (arma::uword c = 0; c < z.n_cols; ++c)
    if (z.n_rows > 0 && !std::isnan(z(0, c))) out(c, c) = 1;
  return out;
}

} // namespace engram::measures
