// A LinearMap takes features to responses. Regressions return one.
#pragma once

#include <armadillo>

namespace engram::measures {

struct LinearMap {
  arma::mat weights;      ///< P × N: feature p to neuron n
  arma::rowvec intercept; ///< 1 × N
};

/// X W + b, C × N, of features X, C × P.
inline arma::mat predict(const LinearMap &map, const arma::mat &x) {
  arma::mat out = x * map.weights;
  out.each_row() += map.intercept;
  return out;
}

} // namespace engram::measures
