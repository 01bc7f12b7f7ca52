// This is ridge regression of many responses on the same features, over a whole path of penalties.
#pragma once

#include "measures/folds.hpp"
#include "measures/linear_map.hpp"

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

// For features X, C × P, and responses Y, C × N, each penalty λ gives the weights that minimise
// ‖Y − X W − 1 b‖² + λ ‖W‖² (Hoerl & Kennard 1970, Technometrics 12:55); b is not penalised. One eigendecomposition, of
// XᵀX or of XXᵀ (centred), whichever is smaller, serves all penalties and responses.
//
// Among penalties that with the least squared error of leaving one condition out is taken. That error is exact, not an
// approximation, and needs no further fit: e_c / (1 − h_c), with the residual e and the diagonal h of the hat matrix,
// in which the intercept is counted (Allen 1974, Technometrics 16:125; in dual form α_c / G⁻¹_c: Rifkin & Lippert 2007,
// MIT-CSAIL-TR-2007-025). It replaces inner folds of a nested cross-validation.
//
// All functions throw NotApplicable for fewer than two training conditions and for values that are not finite, and
// std::invalid_argument for shapes that do not fit and for penalties that are absent or not above 0. Penalties below
// about 1e−12 of the largest eigenvalue are lost in rounding.

/// Are penalties chosen for each response by itself, or one for all of them, by the sum of their errors?
enum class PenaltyChoice { per_response, common };

/// `count` penalties, equal steps in the logarithm from 1e−4 to 1e4 times the mean of the eigenvalues of XᵀX (centred)
/// that can differ from 0: min(C − 1, P) of them. 1e−4 … 1e4 themselves where nothing varies.
arma::vec ridge_penalties(const arma::mat &x, std::size_t count = 10);

struct RidgeFit {
  LinearMap map;
  arma::rowvec penalty; ///< 1 × N: the one chosen
  arma::mat error;      ///< L × N: mean squared error of leaving one condition out, by penalty
};
RidgeFit ridge_fit(const arma::mat &x, const arma::mat &y, const arma::vec &penalties,
                   PenaltyChoice choice = PenaltyChoice::per_response);

/// Predictions for the features `at`, M × P, by each of L penalties: M × N × L.
arma::cube ridge_path(const arma::mat &x, const arma::mat &y, const arma::mat &at, const arma::vec &penalties);

/// Features in the form that a cross-validation needs: the singular value decomposition U S Vᵀ of all of them, centred.
/// What the fits without a fold, or without a fold and one condition more, leave of the responses follows from the fit
/// to all conditions, exactly. So there is one decomposition, and none for each fold.
struct RidgeFolds {
  std::vector<Fold> folds;
  bool dual = false; ///< are there more features than a fold trains on?
  arma::vec squares; ///< k: s²; k = P, or C − 1 in the dual form
  arma::mat basis;   ///< C × k: U S, or U in the dual form
};
/// Decomposes the features. Every condition is held out once.
RidgeFolds ridge_folds(const arma::mat &x, const std::vector<Fold> &folds, int threads = 1);

struct RidgePrediction {
  arma::mat predicted; ///< C × N: each condition by the fit that did not see it
  arma::mat penalty;   ///< folds × N: the one chosen from the training conditions of the fold
};
/// Predicts each held-out response by the penalty that its training conditions choose. The same `folds` serve any
/// number of responses Y.
RidgePrediction ridge_predict(const RidgeFolds &folds, const arma::mat &y, const arma::vec &penalties,
                              PenaltyChoice choice = PenaltyChoice::per_response, int threads = 1);

} // namespace engram::measures
