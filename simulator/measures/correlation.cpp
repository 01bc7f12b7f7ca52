#include "measures/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

arma::mat pairwise_correlation_matrix(const arma::mat &x) {
  if (!x.has_nan()) return correlation_matrix(x);
  // Sums over the rows that both columns have are products with a mask. About the column's mean they lose no digits.
  arma::mat there(arma::size(x)), value = x;
  for (arma::uword c = 0; c < x.n_cols; ++c) {
    const arma::uvec known = arma::find_finite(x.col(c));
    const double mean = known.is_empty() ? 0 : arma::mean(arma::vec(arma::vec(x.col(c))(known)));
    for (arma::uword r = 0; r < x.n_rows; ++r) {
      there(r, c) = std::isnan(x(r, c)) ? 0 : 1;
      value(r, c) = std::isnan(x(r, c)) ? 0 : x(r, c) - mean;
    }
  }
  const arma::mat count = there.t() * there, sum = value.t() * there; // sum(i, j): of column i, where j is there too
  const arma::mat square = arma::square(value).t() * there, product = value.t() * value;
  arma::mat out(x.n_cols, x.n_cols, arma::fill::value(std::numeric_limits<double>::quiet_NaN()));
  const auto spread = [&](arma::uword i, arma::uword j) {
    const double left = square(i, j) - sum(i, j) * sum(i, j) / count(i, j);
    return left > 1e-13 * square(i, i) ? left : 0;
  };
  for (arma::uword j = 0; j < x.n_cols; ++j)
    for (arma::uword i = 0; i <= j; ++i) {
      if (count(i, j) < 3) continue;
      const double of_i = spread(i, j), of_j = spread(j, i);
      if (of_i == 0 || of_j == 0) continue;
      const double r = (product(i, j) - sum(i, j) * sum(j, i) / count(i, j)) / (std::sqrt(of_i) * std::sqrt(of_j));
      out(i, j) = out(j, i) = i == j ? 1 : std::clamp(r, -1.0, 1.0);
    }
  return out;
}

} // namespace engram::measures
