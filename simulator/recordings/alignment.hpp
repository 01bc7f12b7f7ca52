// alignment() compares two areas by their mean responses to the same conditions.
#pragma once

#include "recordings/method_entry.hpp"

#include <armadillo>
#include <functional>
#include <string>
#include <vector>

namespace engram::recordings {

/// Of two matrices, conditions × values.
using Similarity = std::function<double(const arma::mat &x, const arma::mat &y)>;

/// One result, called `name`, of what is complete (complete_means()). Its interval is a jackknife over conditions. In
/// simulations of 20 to 200 conditions (tests/recordings/alignment.cpp) that of cka, at 95 %, held the value of very
/// many conditions in 94 to 95.5 %. Those of procrustes and svcca held it in 2 % at most, as both are biased upwards
/// for few conditions (by 0.05 and 0.12 still of 200): they held the mean of as many conditions, in 96 % or more, so
/// they say how much the value varies, not where it would go with more conditions.
std::vector<Result> alignment(const Call &call, const std::string &name, const Area &region, const Area &area,
                              const Similarity &similarity);

/// The share of relabellings of the conditions of `x` at which the two are at least as similar as `value`; NaN where it
/// was interrupted. `name` is the key of what is drawn.
double relabelled(const Call &call, const std::string &name, const arma::mat &x, const arma::mat &y, double value,
                  const Similarity &similarity);

/// The result with the names of both sides, and the numbers of conditions and neurons of the area that were used.
Result of_pair(Result result, const std::string &name, const Area &region, const Area &area, const arma::mat &used);

} // namespace engram::recordings
