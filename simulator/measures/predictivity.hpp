// Predictivity says how well the features of a model predict neurons' responses that the fit did not see, relative to
// what the noise of the responses allows.
#pragma once

#include "measures/folds.hpp"
#include "measures/interval.hpp"
#include "measures/ridge.hpp"

#include <armadillo>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::measures {

enum class Regression { ridge, partial_least_squares };

struct PredictivityOptions {
  Regression regression = Regression::ridge;
  arma::vec penalties; ///< of ridge; ridge_penalties() of the mean features where empty
  PenaltyChoice choice = PenaltyChoice::per_response;
  std::size_t components = 25; ///< of partial least squares (Schrimpf et al. 2018)
  std::size_t folds = 5;
  std::size_t splits = 100;       ///< split halves that make up a reliability
  double least_reliability = 0.1; ///< neurons below are left out
  Resampling bootstrap;
  std::size_t permutations = 0; ///< of the pairing of conditions; 0: no null
  std::uint64_t seed = 0;       ///< of folds, split halves and permutations
  int threads = 1;              ///< the results are the same at any number
};

/// Predictivity with, by neuron, N values. A neuron that is left out has NaN for `corrected`.
struct Predictivity {
  arma::mat predicted;         ///< C × N: each condition by the fit that did not see it
  arma::mat penalty;           ///< folds × N of ridge; empty for partial least squares
  arma::vec raw;               ///< Pearson r of prediction and mean response: mean over folds of r within the fold
  arma::vec reliability;       ///< of the mean response, split-half with Spearman-Brown
  arma::vec model_reliability; ///< of the prediction, over the model's repeats; 1 of a model without repeats
  arma::vec corrected;         ///< raw / √(reliability × model_reliability)
  arma::uvec kept;             ///< neurons of sufficient reliability that have an r, ascending
  std::size_t left_out = 0;
  double raw_median = 0;       ///< over the neurons kept
  double corrected_median = 0; ///< over the neurons kept; NaN of none
  Interval over_neurons;       ///< of corrected_median: other neurons of the same population, the same conditions
  Interval over_conditions;    ///< of corrected_median: other held-out conditions, the same neurons and fits
  arma::vec null;              ///< raw_median of each permutation
  double p = 0; ///< (1 + permutations with a raw_median at least as great) / (1 + permutations); NaN of none
};

/// Cross-validated predictivity of responses, C × N × R (conditions × neurons × repeats, R ≥ 2), from features, C × P ×
/// R_m: R_m = 1 for a model without noise.
///
/// A linear map is fitted to mean features and mean responses of the training conditions of each fold. Its penalties
/// are chosen within the training conditions. r is taken within each fold and then averaged, as Brain-Score does over
/// its splits: over folds put together it would be biased below 0, since a training mean is high where the held-out
/// mean is low. A prediction that is constant in a fold has r = 0 there; a fold in which the mean response is constant
/// says nothing.
///
/// Noise lowers r by √(reliability of the response × reliability of the prediction), which the correction takes back
/// (Spearman 1904, Am J Psychol 15:72; Yamins et al. 2014, PNAS 111:8619). Brain-Score divides by the reliability of
/// the response alone, as if predictions were just as reliable, and squares the quotient (Schrimpf et al. 2018, bioRxiv
/// 407007; brain-score/vision, neural_common.py): where predictions are more reliable than that, its quotient is
/// greater than the one here. The reliability of a prediction is that of the held-out features' repeats after the
/// fold's map. A model without repeats is taken as noise-free. Values above 1 come from the error of the reliability.
///
/// The interval over neurons is a percentile bootstrap of the median over neurons; that over conditions draws pairs of
/// held-out prediction and response again within each fold, and keeps maps and reliabilities: conditions that are drawn
/// twice must not be both in training and held out. They answer different questions, and neither holds the other.
/// The null shuffles which response goes with which features, and does all fits again.
///
/// NaN is a response that was not observed: mean responses are over the repeats that are there, and reliabilities those
/// of split_half(). Each neuron has some response to each condition.
///
/// NotApplicable for fewer than two repeats of responses, folds of fewer than three conditions, a neuron without any
/// response to a condition, features that are missing, and values that are infinite; std::invalid_argument for shapes
/// that do not fit and a least reliability that is not above 0. Errors also as ridge_fit() or pls_fit().
Predictivity predictivity(const arma::cube &features, const arma::cube &responses,
                          const PredictivityOptions &options = {});

/// The same in these folds; `folds` of the options is not read.
Predictivity predictivity(const arma::cube &features, const arma::cube &responses, const std::vector<Fold> &folds,
                          const PredictivityOptions &options = {});

/// Features without repeats, C × P, as C × P × 1.
arma::cube one_repeat(const arma::mat &features);

/// By neuron: Pearson r of predictions and responses, both C × N, within each fold's held-out conditions, averaged over
/// folds as above. NaN where the response is constant in every fold.
arma::vec held_out_correlation(const arma::mat &predicted, const arma::mat &measured, const std::vector<Fold> &folds);

} // namespace engram::measures
