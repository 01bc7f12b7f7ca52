// A weighted model of an RDM is a sum of RDMs with weights that are fitted to it, and judged on conditions that were
// not.
#pragma once

#include "measures/folds.hpp"
#include "measures/rsa.hpp"

#include <armadillo>

#include <vector>

namespace engram::measures {

/// The w ≥ 0 that makes ‖A w − b‖ least (Lawson & Hanson 1974, Solving Least Squares Problems, chapter 23). Throws
/// std::invalid_argument for shapes that do not fit, NotApplicable for values that are not finite.
arma::vec nonnegative_least_squares(const arma::mat &A, const arma::vec &b);

/// Weights w ≥ 0 of the parts (pairs × P) such that their sum has the greatest similarity with an RDM (rsatoolbox's
/// `fit_regress_nn`): least squares, of cosine as they are, of Pearson less their means over the pairs. A pair that is
/// NaN in any is left out; all 0 where fewer than two are left. Throws std::invalid_argument for other similarities.
arma::vec weights_of_parts(const arma::mat &parts, const arma::vec &rdm, RdmComparison how);

/// Means over folds; NaN of a fold in which a model has no spread is left out.
struct WeightedModel {
  double weighted = 0,
         equal = 0;     ///< similarity with the RDM of each subject: of the weighted sum, and of all parts alike
  NoiseCeiling ceiling; ///< of the same pairs; NaN of one subject
  arma::mat weights;    ///< P × folds: as fitted to the training conditions, up to a factor
};

/// Of each fold the weights are fitted to the pooled RDM of its training conditions, and judged by the pairs of those
/// that are held out (Khaligh-Razavi & Kriegeskorte 2014, PLoS Comput Biol 10:e1003915). `parts`: pairs × P,
/// `subjects`: pairs × S. Throws NotApplicable where a fold holds out fewer than three conditions.
WeightedModel cross_validated_model(const arma::mat &parts, const arma::mat &subjects, RdmComparison how,
                                    const std::vector<Fold> &folds);

} // namespace engram::measures
