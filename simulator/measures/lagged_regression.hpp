// fit_lagged() fits linear temporal receptive fields: a response to the stimulus of the last samples.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

// A stimulus is T × P: samples × values. A response is T × N, in the same samples. `starts` are the samples at which
// separate pieces begin, as sounds that were played one after another: 0 first, increasing. Before the start of a piece
// the stimulus is 0. All functions throw NotApplicable for values that are not finite, and std::invalid_argument for
// shapes that do not fit, starts that are none, no lags, and a penalty below 0.

/// T × (L P): column l + L p is value p of the sample l before.
arma::mat lagged(const arma::mat &stimulus, std::size_t lags, const std::vector<std::size_t> &starts = {0});

struct LaggedFit {
  arma::cube weights;     ///< L × P × N: of the stimulus l samples before
  arma::rowvec intercept; ///< N
  arma::mat predicted;    ///< T × N
  arma::vec r_squared;    ///< N: 1 − Σ (y − predicted)² / Σ (y − ȳ)²; NaN of a constant response
};

/// Σ (y − Σ w(l, p) s(t − l, p) − b)² + λ Σ w² is least; b is not penalised (the linear receptive field of Theunissen
/// et al. 2001, Network 12:289, with the regularisation of Machens, Wehr & Zador 2004, J Neurosci 24:1089). λ = 0 gives
/// least squares. Errors: NotApplicable also for fewer samples than weights, or stimuli that depend on each other, when
/// λ = 0.
LaggedFit fit_lagged(const arma::mat &stimulus, const arma::mat &response, std::size_t lags, double penalty,
                     const std::vector<std::size_t> &starts = {0});

/// T × N: each sample as predicted by the fit to the samples of all other folds. `fold` has a number for each sample. A
/// piece should be held out as a whole, since its samples share their stimuli. Errors: NotApplicable also for fewer
/// than two folds.
arma::mat predict_lagged(const arma::mat &stimulus, const arma::mat &response, std::size_t lags, double penalty,
                         const std::vector<std::size_t> &starts, const std::vector<std::size_t> &fold);

} // namespace engram::measures
