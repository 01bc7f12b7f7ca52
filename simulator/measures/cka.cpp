#include "measures/cka.hpp"

#include "measures/gram.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"
#include "numeric/product.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace engram::measures {

namespace {

// Of the linear kernels K = X Xᵀ and L = Y Yᵀ with centred X and Y.
struct Kernels {
  double kk = 0, kl = 0, ll = 0; // ⟨K, K⟩, ⟨K, L⟩, ⟨L, L⟩
  arma::vec k, l;                // their diagonals
};

double square(const arma::mat &a) { return arma::dot(a, a); }

Kernels from_conditions(const arma::mat &X, const arma::mat &Y, int threads) {
  const arma::mat K = gram(X, Centring::columns, threads), L = gram(Y, Centring::columns, threads);
  return {square(K), arma::dot(K, L), square(L), K.diag(), L.diag()};
}

Kernels from_neurons(const arma::mat &X, const arma::mat &Y, int threads) {
  const arma::mat x = less_mean_row(X), y = less_mean_row(Y);
  arma::mat cross(X.n_cols, Y.n_cols);
  numeric::product(1.0, numeric::Block<double>(x, true), numeric::Block<double>(y), 0.0, cross, threads);
  return {square(gram(x.t(), Centring::none, threads)), square(cross), square(gram(y.t(), Centring::none, threads)),
          arma::sum(arma::square(x), 1), arma::sum(arma::square(y), 1)};
}

Kernels kernels(const arma::mat &X, const arma::mat &Y, int threads) {
  if (X.n_rows != Y.n_rows)
    throw std::invalid_argument("CKA: " + std::to_string(X.n_rows) + " and " + std::to_string(Y.n_rows) +
                                " conditions");
  const auto c = static_cast<double>(X.n_rows), m = static_cast<double>(X.n_cols), n = static_cast<double>(Y.n_cols);
  const bool few_neurons = (m * m + n * n) / 2 + m * n < c * (m + n) / 2;
  return few_neurons ? from_neurons(X, Y, threads) : from_conditions(X, Y, threads);
}

// n (n − 3) times eq. 5 of Song et al. for K and L without their diagonals, of which the rows of K and L sum to 0, so
// that those of the diagonal-free kernels sum to −k and −l.
double unbiased_hsic(double kl, const arma::vec &k, const arma::vec &l) {
  const auto n = static_cast<double>(k.n_elem);
  const double both = arma::dot(k, l);
  return (kl - both) + arma::accu(k) * arma::accu(l) / ((n - 1) * (n - 2)) - 2 / (n - 2) * both;
}

} // namespace

double linear_cka(const arma::mat &X, const arma::mat &Y, int threads) {
  const Kernels s = kernels(X, Y, threads);
  const double scale = std::sqrt(s.kk) * std::sqrt(s.ll);
  return scale > 0 ? std::min(1.0, s.kl / scale) : unknown;
}

double debiased_linear_cka(const arma::mat &X, const arma::mat &Y, int threads) {
  if (X.n_rows < 4)
    throw NotApplicable("debiased CKA: " + std::to_string(X.n_rows) + " conditions, at least 4 are needed");
  const Kernels s = kernels(X, Y, threads);
  const double scale = std::sqrt(unbiased_hsic(s.kk, s.k, s.k)) * std::sqrt(unbiased_hsic(s.ll, s.l, s.l));
  return scale > 0 ? unbiased_hsic(s.kl, s.k, s.l) / scale : unknown;
}

} // namespace engram::measures
