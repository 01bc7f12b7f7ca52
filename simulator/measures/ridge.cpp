#include "measures/ridge.hpp"

#include "error/error.hpp"
#include "measures/not_applicable.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace engram::measures {

namespace {

void require_features(const arma::mat &x) {
  if (x.n_rows < 2 || x.n_cols == 0) throw NotApplicable("ridge regression needs two conditions and a feature");
  if (!x.is_finite()) throw NotApplicable("ridge regression on features that are not finite");
}

void require_responses(const arma::mat &y, arma::uword conditions) {
  if (y.n_rows != conditions)
    throw std::invalid_argument("features of " + std::to_string(conditions) + " conditions, responses of " +
                                std::to_string(y.n_rows));
  if (!y.is_finite()) throw NotApplicable("ridge regression of responses that are not finite");
}

void require_penalties(const arma::vec &penalties) {
  if (penalties.is_empty() || !penalties.is_finite() || !(penalties.min() > 0))
    throw std::invalid_argument("ridge regression needs penalties above 0");
}

// Centred training features by their singular values; see RidgeFold.
struct Decomposition {
  bool dual = false;
  arma::vec squares;
  arma::mat basis;
  arma::mat vectors; // V, or U in the dual form
};

void eigen(arma::vec &values, arma::mat &vectors, const arma::mat &gram) {
  if (!arma::eig_sym(values, vectors, gram, "dc")) throw Failed("the eigenvalues did not converge");
  values.clamp(0.0, arma::datum::inf);
}

Decomposition primal(const arma::mat &centred) {
  Decomposition out;
  eigen(out.squares, out.vectors, centred.t() * centred);
  out.basis = centred * out.vectors;
  return out;
}

// Of the centred Gram matrix XXᵀ. Its eigenvector 1, of eigenvalue 0, belongs to the intercept: it is moved above all
// others, where nothing mixes with it, and left out.
Decomposition dual(arma::mat gram) {
  const double above = 2 * arma::norm(gram, "fro");
  gram += (above > 0 ? above : 1) / static_cast<double>(gram.n_rows);
  Decomposition out;
  out.dual = true;
  eigen(out.squares, out.basis, gram);
  out.squares.shed_row(gram.n_rows - 1);
  out.basis.shed_col(gram.n_rows - 1);
  out.vectors = out.basis;
  return out;
}

Decomposition decompose(const arma::mat &centred) {
  return centred.n_cols > centred.n_rows ? dual(centred * centred.t()) : primal(centred);
}

// Sum of squares of e / (1 − h): L × N.
arma::mat leave_one_out(bool dual, const arma::vec &squares, const arma::mat &basis, const arma::mat &centred,
                        const arma::mat &projected, const arma::vec &penalties) {
  const auto n = static_cast<double>(basis.n_rows);
  arma::mat inverse(squares.n_elem, penalties.n_elem); // 1 / (s² + λ)
  for (arma::uword l = 0; l < penalties.n_elem; ++l) inverse.col(l) = 1 / (squares + penalties[l]);
  const arma::mat leverage = arma::square(basis) * inverse;
  arma::mat out(penalties.n_elem, centred.n_cols);
  arma::mat shrunk, residual;
  for (arma::uword l = 0; l < penalties.n_elem; ++l) {
    shrunk = projected;
    shrunk.each_col() %= inverse.col(l);
    residual = basis * shrunk;
    arma::vec scale;
    if (dual) { // α and the diagonal of (XXᵀ + λ)⁻¹, both without the direction 1
      scale = leverage.col(l);
    } else {
      residual = centred - residual;
      scale = 1 - 1 / n - leverage.col(l);
    }
    out.row(l) = arma::square(1 / scale).t() * arma::square(residual);
  }
  return out;
}

// By response.
arma::rowvec chosen(const arma::mat &errors, const arma::vec &penalties, PenaltyChoice choice) {
  arma::rowvec out(errors.n_cols);
  if (choice == PenaltyChoice::common) return out.fill(penalties[arma::vec(arma::sum(errors, 1)).index_min()]);
  for (arma::uword n = 0; n < errors.n_cols; ++n) out[n] = penalties[errors.col(n).index_min()];
  return out;
}

// (S² + λ)⁻¹ basisᵀ y, each response with its own λ.
arma::mat coefficients(const arma::mat &projected, const arma::vec &squares, const arma::rowvec &penalty) {
  arma::mat out = projected;
  for (arma::uword n = 0; n < out.n_cols; ++n) out.col(n) /= squares + penalty[n];
  return out;
}

arma::mat times(const arma::mat &a, const arma::mat &b, const arma::rowvec &offset) {
  arma::mat out = a * b;
  out.each_row() += offset;
  return out;
}

} // namespace

arma::vec ridge_penalties(const arma::mat &x, std::size_t count) {
  require_features(x);
  if (count == 0) throw std::invalid_argument("ridge regression needs one penalty at least");
  const arma::mat centred = x.each_row() - arma::mean(x, 0);
  const double scale = arma::dot(centred, centred) / static_cast<double>(std::min(x.n_rows - 1, x.n_cols));
  const arma::vec out = arma::logspace(-4, 4, count) * (scale > 0 ? scale : 1);
  if (!out.is_finite() || !(out.min() > 0))
    throw NotApplicable("ridge regression on features too large or too small to be squared");
  return out;
}

RidgeFit ridge_fit(const arma::mat &x, const arma::mat &y, const arma::vec &penalties, PenaltyChoice choice) {
  require_features(x);
  require_responses(y, x.n_rows);
  require_penalties(penalties);
  const arma::rowvec x_mean = arma::mean(x, 0), y_mean = arma::mean(y, 0);
  const arma::mat centred = x.each_row() - x_mean, y_centred = y.each_row() - y_mean;
  const auto d = decompose(centred);
  const arma::mat projected = d.basis.t() * y_centred;
  const arma::mat errors = leave_one_out(d.dual, d.squares, d.basis, y_centred, projected, penalties);
  RidgeFit out;
  out.error = errors / static_cast<double>(x.n_rows);
  out.penalty = chosen(errors, penalties, choice);
  const arma::mat along = d.vectors * coefficients(projected, d.squares, out.penalty);
  out.map.weights = d.dual ? arma::mat(centred.t() * along) : along;
  out.map.intercept = y_mean - x_mean * out.map.weights;
  return out;
}

arma::cube ridge_path(const arma::mat &x, const arma::mat &y, const arma::mat &at, const arma::vec &penalties) {
  require_features(x);
  require_responses(y, x.n_rows);
  require_penalties(penalties);
  if (at.n_cols != x.n_cols) throw std::invalid_argument("a prediction from another number of features than the fit");
  const arma::rowvec x_mean = arma::mean(x, 0), y_mean = arma::mean(y, 0);
  const arma::mat centred = x.each_row() - x_mean;
  const auto d = decompose(centred);
  arma::mat held = at.each_row() - x_mean;
  if (d.dual) held *= centred.t();
  held *= d.vectors;
  const arma::mat projected = d.basis.t() * (y.each_row() - y_mean);
  arma::cube out(at.n_rows, y.n_cols, penalties.n_elem);
  for (arma::uword l = 0; l < penalties.n_elem; ++l) {
    const arma::rowvec penalty(y.n_cols, arma::fill::value(penalties[l]));
    out.slice(l) = times(held, coefficients(projected, d.squares, penalty), y_mean);
  }
  return out;
}

std::vector<RidgeFold> ridge_folds(const arma::mat &x, const std::vector<Fold> &folds, int threads) {
  require_features(x);
  require_partition(folds, x.n_rows);
  for (const auto &fold : folds)
    if (fold.training.n_elem < 2) throw NotApplicable("a fold with fewer than two training conditions");
  const bool any_dual =
      std::any_of(folds.begin(), folds.end(), [&](const Fold &f) { return x.n_cols > f.training.n_elem; });
  const arma::mat centred = x.each_row() - arma::mean(x, 0); // so that a fold's own mean is small
  arma::mat gram;
  if (any_dual) gram = centred * centred.t(); // of all conditions; a fold takes its part
  std::vector<RidgeFold> out(folds.size());
  for_each_part(threads, folds.size(), [&](std::size_t k) {
    const auto &[training, held_out] = folds[k];
    auto &to = out[k];
    to.fold = folds[k];
    Decomposition d;
    if (x.n_cols > training.n_elem) {
      // ⟨x_a − x̄, x_b − x̄⟩ of a training or held-out a and a training b, with the mean x̄ over training conditions.
      arma::mat inner = gram.submat(training, training), across = gram.submat(held_out, training);
      const arma::rowvec mean = arma::mean(inner, 0);
      across.each_row() -= mean;
      across.each_col() -= arma::vec(arma::mean(across, 1));
      inner.each_row() -= mean;
      inner.each_col() -= arma::vec(arma::mean(inner, 1));
      d = dual(inner);
      to.held = across * d.basis;
    } else {
      const arma::mat part = centred.rows(training);
      const arma::rowvec mean = arma::mean(part, 0);
      d = primal(part.each_row() - mean);
      to.held = (centred.rows(held_out).eval().each_row() - mean) * d.vectors;
    }
    to.dual = d.dual;
    to.squares = std::move(d.squares);
    to.basis = std::move(d.basis);
  });
  return out;
}

RidgePrediction ridge_predict(const std::vector<RidgeFold> &folds, const arma::mat &y, const arma::vec &penalties,
                              PenaltyChoice choice, int threads) {
  if (folds.empty()) throw NotApplicable("a cross-validation without folds");
  require_responses(y, folds[0].fold.training.n_elem + folds[0].fold.held_out.n_elem);
  require_penalties(penalties);
  RidgePrediction out;
  out.predicted.set_size(y.n_rows, y.n_cols);
  out.penalty.set_size(folds.size(), y.n_cols);
  for_each_part(threads, folds.size(), [&](std::size_t k) {
    const auto &f = folds[k];
    arma::mat centred = y.rows(f.fold.training);
    const arma::rowvec mean = arma::mean(centred, 0);
    centred.each_row() -= mean;
    const arma::mat projected = f.basis.t() * centred;
    const arma::mat errors = leave_one_out(f.dual, f.squares, f.basis, centred, projected, penalties);
    const arma::rowvec penalty = chosen(errors, penalties, choice);
    out.penalty.row(k) = penalty;
    out.predicted.rows(f.fold.held_out) = times(f.held, coefficients(projected, f.squares, penalty), mean);
  });
  return out;
}

} // namespace engram::measures
