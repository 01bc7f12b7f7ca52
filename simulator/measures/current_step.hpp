// find_step() finds when a current was stepped, in sweeps that step it at the same time.
#pragma once

#include <armadillo>

#include <cstddef>

namespace engram::measures {

/// Samples [first, last) of a sweep.
struct CurrentStep {
  std::size_t first = 0, last = 0;
  double explained = 0; ///< share of the variance within sweeps that the rectangle explains
};

/// Of currents, samples × sweeps: the one rectangle, with a height of its own in each sweep, that fits them best by
/// least squares. Where it would begin at the first sample, what follows it is the step: a sweep begins before its
/// step. It is sought on 400 places and then, around the best, on every sample. Errors: NotApplicable for fewer than
/// three samples, values that are not finite, and currents that never change.
CurrentStep find_step(const arma::mat &current);

/// By sweep: the median current within the step, less the median before it.
arma::vec step_heights(const arma::mat &current, const CurrentStep &step);

} // namespace engram::measures
