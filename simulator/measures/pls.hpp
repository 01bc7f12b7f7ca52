// pls_fit() is partial least squares regression of many responses on the same features.
#pragma once

#include "measures/linear_map.hpp"

#include <armadillo>

#include <cstddef>

namespace engram::measures {

struct PlsFit {
  LinearMap map;
  std::size_t components = 0; ///< as many as were found: fewer than asked for where no covariance is left
};

/// Partial least squares of features X, C × P, and responses Y, C × N, with `components` latent components: of each,
/// the weights w have the greatest covariance between the features not yet used and the responses, the dominant left
/// singular vector of X_kᵀ Y (Wold's PLS2 with the power method run to its end, as reviewed by Wegelin 2000; regression
/// mode, features and responses centred and not scaled). The features are not deflated: X_kᵀ Y is updated by one outer
/// product for each component, and what w means for X itself follows from the loadings (Dayal & MacGregor 1997,
/// J Chemom 11:73, algorithm 1). Brain-Score takes 25 components (Schrimpf et al. 2018, bioRxiv 407007).
/// NotApplicable for values that are not finite, and unless 1 ≤ components ≤ min(C − 1, P); std::invalid_argument for
/// shapes that do not fit.
PlsFit pls_fit(const arma::mat &x, const arma::mat &y, std::size_t components);

} // namespace engram::measures
