#include "measures/ridge.hpp"

#include "error/error.hpp"
#include "measures/gram.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/product.hpp"

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

// Centred features by their singular values; see RidgeFolds.
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

// A fit to all conditions with one penalty: its residuals, C × N, and 1 less the hat matrix (in which the intercept is
// counted), C × C. In the dual form both over λ.
struct Whole {
  arma::mat residual, rest;
};

Whole of_all_conditions(const RidgeFolds &of, const arma::mat &centred, const arma::mat &projected, double penalty,
                        int threads) {
  const arma::vec inverse = 1 / (of.squares + penalty);
  arma::mat shrunk = projected, root = of.basis;
  shrunk.each_col() %= inverse;
  root.each_row() %= arma::sqrt(inverse).t();
  Whole out{arma::mat(arma::size(centred)), gram(root, Centring::none, threads)};
  numeric::product(1.0, numeric::Block<double>(of.basis), numeric::Block<double>(shrunk), 0.0, out.residual, threads);
  if (of.dual) return out;
  out.residual = centred - out.residual;
  out.rest = -out.rest - 1 / static_cast<double>(centred.n_rows);
  out.rest.diag() += 1;
  return out;
}

struct Without {
  arma::mat left;      // held-out conditions × N: response less prediction
  arma::rowvec errors; // N: sum over training conditions of squared errors of leaving it out too
};

// What is left of the responses S when a fit has not seen them is (1 − H)_SS⁻¹ e_S, with the residuals e and the hat
// matrix H of the fit that has (Allen 1974 for one condition). S is a fold F, or F and one training condition c, whose
// own is then (e_c − W_cF e_F) / ((1 − H)_cc − W_cF (1 − H)_Fc), W = (1 − H)_cF (1 − H)_FF⁻¹.
Without without_fold(const Whole &whole, const Fold &fold) {
  const arma::mat own = whole.rest.submat(fold.held_out, fold.held_out),
                  across = whole.rest.submat(fold.held_out, fold.training), held = whole.residual.rows(fold.held_out);
  arma::mat both, solved; // own⁻¹ (across, held)
  both = arma::join_rows(across, held);
  if (!arma::solve(solved, own, both, arma::solve_opts::likely_sympd))
    throw NotApplicable("ridge regression: a fold cannot be told from the others");
  const auto weights = solved.head_cols(across.n_cols);
  Without out{solved.tail_cols(held.n_cols), arma::rowvec(held.n_cols, arma::fill::zeros)};
  arma::mat error = whole.residual.rows(fold.training);
  error -= weights.t() * held;
  const arma::vec rest = whole.rest.diag();
  const arma::vec scale = rest(fold.training) - arma::sum(across % weights, 0).t(), weight = arma::square(1 / scale);
  for (arma::uword n = 0; n < error.n_cols; ++n) {
    const double *e = error.colptr(n);
    double sum = 0;
    for (arma::uword c = 0; c < error.n_rows; ++c) sum += weight[c] * e[c] * e[c];
    out.errors[n] = sum;
  }
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

RidgeFolds ridge_folds(const arma::mat &x, const std::vector<Fold> &folds, int threads) {
  require_features(x);
  require_partition(folds, x.n_rows);
  arma::uword least = x.n_rows;
  for (const auto &fold : folds) least = std::min(least, fold.training.n_elem);
  if (least < 2) throw NotApplicable("a fold with fewer than two training conditions");
  const arma::mat centred = x.each_row() - arma::mean(x, 0);
  auto d = x.n_cols + 1 > least ? dual(gram(centred, Centring::none, threads)) : primal(centred);
  return {folds, d.dual, std::move(d.squares), std::move(d.basis)};
}

RidgePrediction ridge_predict(const RidgeFolds &of, const arma::mat &y, const arma::vec &penalties,
                              PenaltyChoice choice, int threads) {
  if (of.folds.empty()) throw NotApplicable("a cross-validation without folds");
  require_responses(y, of.basis.n_rows);
  require_penalties(penalties);
  const arma::mat centred = y.each_row() - arma::mean(y, 0), projected = of.basis.t() * centred;
  arma::mat least(of.folds.size(), y.n_cols); // squared error of leaving one out, by the penalty that is best so far
  RidgePrediction out{arma::mat(arma::size(y)), arma::mat(of.folds.size(), y.n_cols)};
  for (arma::uword l = 0; l < penalties.n_elem; ++l) {
    const Whole whole = of_all_conditions(of, centred, projected, penalties[l], threads);
    for_each_part(threads, of.folds.size(), [&](std::size_t k) {
      const auto &held_out = of.folds[k].held_out;
      auto [left, errors] = without_fold(whole, of.folds[k]);
      if (choice == PenaltyChoice::common) errors.fill(arma::accu(errors));
      for (arma::uword n = 0; n < y.n_cols; ++n) {
        if (l > 0 && !(errors[n] < least.at(k, n))) continue;
        least.at(k, n) = errors[n];
        out.penalty.at(k, n) = penalties[l];
        for (arma::uword c = 0; c < held_out.n_elem; ++c)
          out.predicted.at(held_out[c], n) = y.at(held_out[c], n) - left.at(c, n);
      }
    });
  }
  return out;
}

} // namespace engram::measures
