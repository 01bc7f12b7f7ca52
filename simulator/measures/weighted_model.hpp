// A weighted model of an RDM is a sum of RDMs with weights that are fitted to it, and judged on conditions that were
// not.
#pragma once

#include "measures/folds.hpp"
#include "measures/rsa.hpp"

#include <armadillo>

#include <cstddef>
#include <functional>
#include <vector>

namespace engram::measures {

/// The w ≥ 0 that makes ‖A w − b‖ least (Lawson & Hanson 1974, Solving Least Squares Problems, chapter 23). Throws
/// std::invalid_argument for shapes that do not fit, NotApplicable for values that are not finite.
arma::vec nonnegative_least_squares(const arma::mat &A, const arma::vec &b);

/// Weights w ≥ 0 of the parts (pairs × P) such that their sum has the greatest similarity with an RDM: least squares,
/// of cosine as they are, of Pearson less their means over the pairs. The tests hold them to the conditions of Kuhn and
/// Tucker. A pair that is NaN in any is left out; all 0 where fewer than two are left, or no part goes with the RDM.
/// Throws std::invalid_argument for other similarities.
arma::vec weights_of_parts(const arma::mat &parts, const arma::vec &rdm, RdmComparison how);

/// Means over the same folds: one in which a model has no value, as where all weights are 0, is left out of all.
struct WeightedModel {
  double weighted = 0,
         equal = 0; ///< similarity with the RDM of each subject: of the weighted sum, and of all parts alike, each
                    ///< brought to one scale (see pooled_rdm()); NaN where no fold has a value
  std::size_t valueless = 0; ///< folds that are left out
  NoiseCeiling ceiling;      ///< of the same pairs; NaN of one subject
  arma::mat weights;         ///< P × folds: as fitted to the training conditions, up to a factor
};

/// Of each fold the weights are fitted to the pooled RDM of its training conditions, and judged by the pairs of those
/// that are held out (Khaligh-Razavi & Kriegeskorte 2014, PLoS Comput Biol 10:e1003915). `parts`: pairs × P,
/// `subjects`: pairs × S. `go_on` is asked before each fold; where it says no, those that follow are not looked at.
/// Throws NotApplicable where a fold holds out fewer than three conditions.
WeightedModel cross_validated_model(const arma::mat &parts, const arma::mat &subjects, RdmComparison how,
                                    const std::vector<Fold> &folds, const std::function<bool()> &go_on = {});

} // namespace engram::measures
