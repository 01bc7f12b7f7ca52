// fit_glm() fits a generalized linear model: spike counts by regressors and the train's own history, choices by
// evidence.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

enum class Family {
  poisson, ///< counts; ln μ = x β
  binomial ///< 0 or 1; ln (μ / (1 − μ)) = x β
};

struct Glm {
  arma::vec coefficients;    ///< P
  arma::vec standard_errors; ///< P: from the inverse of the information Xᵀ W X
  arma::vec fitted;          ///< T: μ
  double log_likelihood = 0; ///< with all constants
  double deviance = 0;       ///< 2 (log likelihood of μ = y, less that of the model)
  std::size_t iterations = 0;
};

/// The coefficients β of greatest likelihood of y, T, given regressors X, T × P, by Newton's method (which is
/// iteratively reweighted least squares here: McCullagh & Nelder 1989, Generalized Linear Models, 2.5), with halved
/// steps where a whole one lowers the likelihood. A constant is a column of X. `offset`, T, is added to x β; it may be
/// empty. With the columns of spike_history() it is the point process model of Truccolo, Eden, Fellows, Donoghue &
/// Brown (2005, J Neurophysiol 93:1074). Errors: NotApplicable for values that are not finite, a negative count, a
/// binomial value that is neither 0 nor 1, fewer values than coefficients, regressors that depend on each other, and a
/// likelihood that has no greatest value at finite coefficients (no spike ever falls where a regressor is not 0);
/// std::invalid_argument for shapes that do not fit.
Glm fit_glm(const arma::mat &x, const arma::vec &y, Family family, const arma::vec &offset = {});

/// The train's own past as regressors. Column j holds the spikes of the bins that lie edges[j] to edges[j + 1] − 1 bins
/// before (edges 1, 2, 3: the last bin, and the one before it): T × (edges − 1). Before the first bin there are no
/// spikes. Errors: std::invalid_argument for fewer than two edges, and edges that do not increase or begin with 0.
arma::mat spike_history(const arma::vec &counts, const std::vector<std::size_t> &edges);

} // namespace engram::measures
