#include "measures/pls.hpp"

#include "error/error.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::measures {

namespace {

constexpr arma::uword small = 32; // a full decomposition is as fast below
constexpr double converged = 1e-14;

arma::vec last_eigenvector(const arma::mat &a, double *value = nullptr) {
  arma::vec values;
  arma::mat vectors;
  if (!arma::eig_sym(values, vectors, a)) throw Failed("the eigenvalues did not converge");
  if (value) *value = values.back();
  return vectors.tail_cols(1);
}

// Eigenvector of the largest eigenvalue of a symmetric positive semidefinite matrix, by Lanczos iterations in which
// each direction is made orthogonal to all before (Golub & Van Loan 2013, Matrix Computations, chapter 10). The
// residual of the Ritz vector is the next off-diagonal times the last entry of its coefficients.
arma::vec dominant(const arma::mat &a) {
  const arma::uword n = a.n_rows;
  if (n <= small) return last_eigenvector(a);
  arma::vec q(n);
  numeric::Random{0, numeric::Purpose::resample, numeric::name_key("lanczos")}.normals(q.memptr(), n);
  q = a * q;
  q /= arma::norm(q);
  arma::mat directions(n, std::min<arma::uword>(n, 64));
  std::vector<double> diagonal, beside;
  for (arma::uword k = 0;; ++k) {
    if (k == directions.n_cols) directions.resize(n, std::min<arma::uword>(n, 2 * k));
    directions.col(k) = q;
    q = a * q;
    diagonal.push_back(arma::dot(directions.col(k), q));
    const auto before = directions.head_cols(k + 1);
    for (int twice = 0; twice < 2; ++twice) q -= before * (before.t() * q);
    const double length = arma::norm(q);
    const bool last = k + 1 == n || length <= converged * diagonal[0];
    if (k % 8 == 7 || last) {
      arma::mat t(k + 1, k + 1, arma::fill::zeros);
      t.diag() = arma::vec(diagonal);
      if (k > 0) t.diag(1) = arma::vec(beside);
      if (k > 0) t.diag(-1) = arma::vec(beside);
      double value = 0;
      const arma::vec ritz = last_eigenvector(t, &value);
      if (last || length * std::abs(ritz.back()) <= converged * value) return before * ritz;
    }
    beside.push_back(length);
    q /= length;
  }
}

// Dominant left singular vector.
arma::vec dominant_left(const arma::mat &s) {
  if (s.n_rows < s.n_cols) return dominant(s * s.t());
  const arma::vec left = s * dominant(s.t() * s);
  return left / arma::norm(left);
}

} // namespace

PlsFit pls_fit(const arma::mat &x, const arma::mat &y, std::size_t components) {
  if (x.n_rows != y.n_rows)
    throw std::invalid_argument("features of " + std::to_string(x.n_rows) + " conditions, responses of " +
                                std::to_string(y.n_rows));
  if (!x.is_finite() || !y.is_finite()) throw NotApplicable("partial least squares of values that are not finite");
  const std::size_t most = x.n_rows == 0 ? 0 : std::min(x.n_rows - 1, x.n_cols);
  if (components < 1 || components > most)
    throw NotApplicable("partial least squares of " + std::to_string(components) + " components; " +
                        std::to_string(x.n_rows) + " conditions and " + std::to_string(x.n_cols) +
                        " features allow between 1 and " + std::to_string(most));
  const arma::rowvec x_mean = arma::mean(x, 0), y_mean = arma::mean(y, 0);
  const arma::mat xc = x.each_row() - x_mean, yc = y.each_row() - y_mean;

  arma::mat s = xc.t() * yc; // P × N: X_kᵀ Y
  const double least = 1e-12 * arma::norm(xc, "fro") * arma::norm(yc, "fro");
  arma::mat rotations(x.n_cols, components), loadings(x.n_cols, components); // t = X r, p = Xᵀ t
  arma::mat scores(x.n_rows, components), weights(y.n_cols, components);     // t, of length 1, and q = Yᵀ t
  std::size_t found = 0;
  for (; found < components && arma::norm(s, "fro") > least; ++found) {
    const arma::vec w = dominant_left(s);
    arma::vec r = w, t;
    if (found > 0) r -= rotations.head_cols(found) * (loadings.head_cols(found).t() * w);
    t = xc * r;
    if (found > 0) { // rounding adds up over components: once more
      const arma::vec overlap = scores.head_cols(found).t() * t;
      t -= scores.head_cols(found) * overlap;
      r -= rotations.head_cols(found) * overlap;
    }
    const double length = arma::norm(t);
    scores.col(found) = t / length;
    rotations.col(found) = r / length;
    loadings.col(found) = xc.t() * scores.col(found);
    weights.col(found) = yc.t() * scores.col(found);
    s -= loadings.col(found) * weights.col(found).t();
  }
  PlsFit out;
  out.components = found;
  out.map.weights.zeros(x.n_cols, y.n_cols);
  if (found > 0) out.map.weights = rotations.head_cols(found) * weights.head_cols(found).t();
  out.map.intercept = y_mean - x_mean * out.map.weights;
  return out;
}

} // namespace engram::measures
