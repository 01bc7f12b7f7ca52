// These functions correct p-values for the number of tests.
#pragma once

#include <armadillo>

namespace engram::measures {

// Adjusted p-values in the order of p: the null hypotheses whose value is at most α are rejected. NaN stay, and do not
// count as tests. A p outside [0, 1] throws std::invalid_argument.

/// Keeps the chance of any false rejection at α (family-wise error rate; Holm 1979, Scand J Stat 6:65).
arma::vec holm(const arma::vec &p);

/// Keeps the expected part of false ones among the rejections at α, for independent or positively dependent tests
/// (false discovery rate; Benjamini & Hochberg 1995, J R Stat Soc B 57:289).
arma::vec benjamini_hochberg(const arma::vec &p);

} // namespace engram::measures
