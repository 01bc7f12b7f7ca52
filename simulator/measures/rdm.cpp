#include "measures/rdm.hpp"

#include "measures/gram.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm_incomplete.hpp"
#include "numeric/product.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::measures {

namespace {

void check_precision(const arma::mat &precision, std::size_t neurons) {
  if (precision.n_rows != neurons || precision.n_cols != neurons)
    throw std::invalid_argument("noise precision: " + std::to_string(precision.n_rows) + " × " +
                                std::to_string(precision.n_cols) + " for " + std::to_string(neurons) + " neurons");
}

// (k_ii + k_jj − k_ij − k_ji) / N in the place of the kernel.
void distances_of(arma::mat &kernel, std::size_t neurons) {
  const arma::vec own = kernel.diag();
  const double scale = 1 / static_cast<double>(neurons);
  for (std::size_t j = 0; j < kernel.n_cols; ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const double d = (own[i] + own[j] - kernel.at(i, j) - kernel.at(j, i)) * scale;
      kernel.at(i, j) = kernel.at(j, i) = d;
    }
    kernel.at(j, j) = 0;
  }
}

// Rounding takes a distance of 0 below it; NaN stays.
void no_less_than_0(arma::mat &rdm) {
  rdm.for_each([](double &d) {
    if (d < 0) d = 0;
  });
}

using Block = numeric::Block<double>;

// A B or A Bᵀ.
arma::mat product(const arma::mat &A, const arma::mat &B, bool transpose, int threads) {
  arma::mat out(A.n_rows, transpose ? B.n_rows : B.n_cols);
  numeric::product(1.0, Block(A), Block(B, transpose), 0.0, out, threads);
  return out;
}

// With weigh(x) = x P. Distances do not depend on the mean row, rounding does.
template <class Weigh> arma::mat cross_validated(const arma::cube &X, int threads, Weigh &&weigh) {
  const std::size_t repeats = X.n_slices;
  if (repeats < 2) throw NotApplicable("crossnobis: " + std::to_string(repeats) + " repeats, at least 2 are needed");
  arma::mat sum(X.n_rows, X.n_cols, arma::fill::zeros);
  for (std::size_t r = 0; r < repeats; ++r) sum += X.slice(r);
  arma::mat kernel(X.n_rows, X.n_rows, arma::fill::zeros);
  for (std::size_t r = 0; r < repeats; ++r) {
    const arma::mat others = less_mean_row((sum - X.slice(r)) / static_cast<double>(repeats - 1));
    const arma::mat weighed = weigh(less_mean_row(X.slice(r)));
    numeric::product(1.0, Block(weighed), Block(others, true), 1.0, kernel, threads); // added to what is there
  }
  kernel /= static_cast<double>(repeats);
  distances_of(kernel, X.n_cols);
  return kernel;
}

// Computes the pairs of conditions of which one lacks neurons anew, from the responses of the neurons that both have.
template <class Distance> void fill_incomplete(arma::mat &rdm, const arma::mat &X, Distance &&distance) {
  if (!X.has_nan()) return;
  std::vector<char> lacks(X.n_rows);
  for (arma::uword c = 0; c < X.n_rows; ++c) lacks[c] = X.row(c).has_nan();
  for (arma::uword j = 0; j < X.n_rows; ++j)
    for (arma::uword i = 0; i < j; ++i) {
      if (!lacks[i] && !lacks[j]) continue;
      const arma::rowvec a = X.row(i), b = X.row(j);
      const arma::uvec shared = arma::find_finite(a + b);
      rdm.at(i, j) = rdm.at(j, i) =
          shared.is_empty() ? arma::datum::nan : distance(a.elem(shared).t(), b.elem(shared).t(), shared);
    }
}

} // namespace

arma::mat correlation_rdm(const arma::mat &X, int threads) {
  arma::mat rdm = gram(X, Centring::rows, threads);
  arma::vec length = arma::sqrt(rdm.diag());
  length.replace(0.0, arma::datum::nan); // a constant row has no correlation
  const arma::vec inverses = 1 / length;
  const double *inverse = inverses.memptr();
  for (std::size_t j = 0; j < rdm.n_cols; ++j) {
    double *d = rdm.colptr(j);
#pragma omp simd
    for (std::size_t i = 0; i < rdm.n_rows; ++i) {
      const double r = d[i] * (inverse[i] * inverse[j]);
      d[i] = r > 1 ? 0 : r < -1 ? 2 : 1 - r;
    }
    d[j] = 0;
  }
  fill_incomplete(rdm, X, [&](const arma::rowvec &a, const arma::rowvec &b, const arma::uvec &) {
    if (a.n_elem < 2) return arma::datum::nan;
    return correlation_rdm(arma::join_cols(a, b), 1).at(0, 1);
  });
  return rdm;
}

arma::mat euclidean_rdm(const arma::mat &X, int threads) {
  arma::mat rdm = gram(X, Centring::columns, threads);
  distances_of(rdm, X.n_cols);
  no_less_than_0(rdm);
  fill_incomplete(rdm, X, [](const arma::rowvec &a, const arma::rowvec &b, const arma::uvec &) {
    return arma::mean(arma::square(a - b));
  });
  return rdm;
}

arma::mat mahalanobis_rdm(const arma::mat &X, const arma::mat &precision, int threads) {
  check_precision(precision, X.n_cols);
  const arma::mat centred = less_mean_row(X);
  arma::mat rdm = product(product(centred, precision, false, threads), centred, true, threads);
  distances_of(rdm, X.n_cols);
  no_less_than_0(rdm);
  fill_incomplete(rdm, X, [&](const arma::rowvec &a, const arma::rowvec &b, const arma::uvec &shared) {
    const arma::rowvec apart = a - b;
    return std::max(0.0, arma::dot(apart * precision_of(precision, shared), apart) / static_cast<double>(a.n_elem));
  });
  return rdm;
}

arma::mat crossnobis_rdm(const arma::cube &X, const arma::mat &precision, int threads) {
  check_precision(precision, X.n_cols);
  if (X.n_slices >= 2 && X.has_nan()) return incomplete_crossnobis(X, precision, threads);
  return cross_validated(X, threads,
                         [&](const arma::mat &repeat) { return product(repeat, precision, false, threads); });
}

arma::mat crossnobis_rdm(const arma::cube &X, int threads) {
  if (X.n_slices >= 2 && X.has_nan()) return incomplete_crossnobis(X, arma::eye(X.n_cols, X.n_cols), threads);
  return cross_validated(X, threads, [](const arma::mat &repeat) { return repeat; });
}

arma::vec upper_triangle(const arma::mat &rdm) {
  if (rdm.n_rows != rdm.n_cols)
    throw std::invalid_argument("RDM: " + std::to_string(rdm.n_rows) + " × " + std::to_string(rdm.n_cols) +
                                " is not square");
  const std::size_t conditions = rdm.n_rows;
  arma::vec pairs(conditions < 2 ? 0 : conditions * (conditions - 1) / 2);
  double *to = pairs.memptr();
  for (std::size_t i = 0; i < conditions; ++i) to = std::copy(rdm.colptr(i) + i + 1, rdm.colptr(i) + conditions, to);
  return pairs;
}

arma::mat rdm_of_pairs(const arma::vec &pairs) {
  const std::size_t conditions = conditions_of(pairs.n_elem);
  arma::mat rdm(conditions, conditions, arma::fill::zeros);
  const double *from = pairs.memptr();
  for (std::size_t i = 0; i < conditions; ++i)
    for (std::size_t j = i + 1; j < conditions; ++j) rdm.at(i, j) = rdm.at(j, i) = *from++;
  return rdm;
}

std::size_t conditions_of(std::size_t pairs) {
  const auto conditions =
      static_cast<std::size_t>(std::llround((1 + std::sqrt(1 + 8 * static_cast<double>(pairs))) / 2));
  if (pairs == 0 || conditions * (conditions - 1) / 2 != pairs)
    throw NotApplicable("RDM: " + std::to_string(pairs) + " pairs are not those of any number of conditions");
  return conditions;
}

} // namespace engram::measures
