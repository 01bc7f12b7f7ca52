// These functions sum up what was measured of neurons or of pairs of them.
#pragma once

#include "recordings/comparison.hpp"

#include <armadillo>
#include <string>

namespace engram::recordings {

/// The median over neurons, with its bootstrap interval; neurons of which it is NaN are left out.
Result median_of(const Config &config, const std::string &method, const arma::vec &values);

/// The mean over pairs of units of a symmetric matrix, with its bootstrap interval over units. Pairs of which it is NaN
/// are left out.
Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs);

} // namespace engram::recordings
