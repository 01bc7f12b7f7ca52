// by_level() computes psychometric and chronometric functions: how often trials were answered rightly, and how fast, by
// the strength of the stimulus.
#pragma once

#include "measures/interval.hpp"

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// The values of the trials of one level.
struct Level {
  double level = 0;
  std::size_t count = 0;     ///< of values that are not NaN
  double mean = 0;           ///< NaN without values
  double standard_error = 0; ///< of the mean, by the deviation with n − 1; NaN of fewer than two values
};

/// Values by level, with one level and one value for each trial: levels ascending. A value that is NaN is missing, and
/// a trial without a level is left out. With the strength of the stimulus for levels, values that are 1 for a right and
/// 0 for a wrong choice give a psychometric function, and reaction times a chronometric one. Errors:
/// std::invalid_argument unless there are as many values as levels.
std::vector<Level> by_level(const arma::vec &level, const arma::vec &value);

/// Interval of a share right / count: the shares that a test by their normal approximation keeps (Wilson 1927, J Am
/// Stat Assoc 22:209). NaN where count is 0. Errors: std::invalid_argument for right > count, or a confidence outside
/// (0, 1).
Interval wilson_interval(std::size_t right, std::size_t count, double confidence = 0.95);

} // namespace engram::measures
