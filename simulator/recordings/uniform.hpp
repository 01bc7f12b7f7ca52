// make_uniform() turns samples at any times into samples at equal intervals.
#pragma once

#include <armadillo>
#include <vector>

namespace engram::recordings {

struct Uniform {
  double start = 0, step = 0; ///< in the unit of the times
  bool held = false;          ///< were samples repeated or left out?
};

/// Samples (T × P) at these times become samples at start + k step. Where each time lies within half a mean interval of
/// such a place, they stay as they are; else step is the median interval, and each sample is held until the next.
/// Errors: measures::NotApplicable when there are fewer than two samples, times do not increase, or gaps would make
/// more than twice as many samples.
Uniform make_uniform(arma::mat &samples, const std::vector<double> &times);

} // namespace engram::recordings
