// decode() measures how well labels are decoded from single trials.
#pragma once

#include "measures/folds.hpp"

#include <armadillo>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace engram::measures {

enum class Decoder {
  /// Linear discriminant with class frequencies as priors; the covariance within classes S (normalised by the number of
  /// trials) is shrunk to (1 − γ) S + γ (tr S / N) 1 (Ledoit & Wolf 2004, J Multivar Anal 88:365). Where that is
  /// singular and no γ is given, as of neurons that never vary within classes, a millionth of the mean variance over
  /// all
  /// training trials is added to its diagonal.
  linear_discriminant,
  nearest_centroid, ///< the class of the nearest mean, in Euclidean distance
  /// Ridge regression on 1 for a trial's label and −1 for others; the label of the greatest prediction. One penalty for
  /// all labels, chosen within training trials.
  ridge
};

struct DecodingOptions {
  Decoder decoder = Decoder::linear_discriminant;
  std::optional<double> shrinkage; ///< γ in [0, 1]; that of Ledoit & Wolf from the training trials where not given
  arma::vec penalties;             ///< of ridge; ridge_penalties() where empty
  std::size_t folds = 5;
  std::size_t permutations = 0; ///< of labels; 0: no null
  std::uint64_t seed = 0;       ///< of folds and permutations
  int threads = 1;              ///< the results are the same at any number
};

struct Decoding {
  double accuracy = 0;   ///< share of trials decoded rightly
  double balanced = 0;   ///< mean over labels of the share of their trials that is decoded rightly
  double chance = 0;     ///< share of the most frequent label
  arma::uvec labels;     ///< L: labels that occur, ascending; indices of the confusion matrix
  arma::umat confusion;  ///< L × L trials: label (row), decoded (column)
  arma::uvec decoded;    ///< by trial: the label decoded by the fit that did not see it
  bool singular = false; ///< whether the shrunk covariance was, in some fold
  arma::vec null;        ///< accuracy of each permutation
  double p = 0;          ///< (1 + permutations with an accuracy at least as great) / (1 + permutations); NaN of none
};

/// Cross-validated decoding, in folds stratified by label, of a label for each trial from X, trials × neurons. Ties go
/// to the smaller label. A permutation deals the responses out to other trials, keeps labels and folds, and does all
/// fits again. Trials are taken as exchangeable. Where several of them show the same stimulus, that stimulus should be
/// held out as a whole, by folds that are given; a null that deals out single trials is too narrow then.
/// NotApplicable for fewer than two labels, a label of fewer than two trials, more folds than trials, values that are
/// not finite, and a covariance that is singular with the γ that is given, or of trials that are all alike;
/// std::invalid_argument for shapes that do not fit and a γ outside [0, 1].
Decoding decode(const arma::mat &x, const arma::uvec &labels, const DecodingOptions &options = {});

/// The same in these folds.
Decoding decode(const arma::mat &x, const arma::uvec &labels, const std::vector<Fold> &folds,
                const DecodingOptions &options = {});

/// γ of Ledoit & Wolf (2004) for the covariance XᵀX / n of rows X, n × N, of mean 0: in [0, 1]; 1
/// where all is 0.
double ledoit_wolf_shrinkage(const arma::mat &x);

} // namespace engram::measures
