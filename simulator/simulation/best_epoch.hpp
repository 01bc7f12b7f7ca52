// A BestEpoch follows a value of the held-out trials along the learning curve, for runs that keep the best weights and
// for those that stop where nothing gets better.
#pragma once

#include "simulation/training.hpp"

#include <cstddef>

namespace engram::simulation {

/// The value in an epoch; NaN where the epoch has none.
double value_of(const Epoch &epoch, model::HeldOutValue value);

/// The epoch with the lowest loss, or the highest accuracy or reward. Of equal ones it is the first.
class BestEpoch {
public:
  /// An epoch is better by more than `min_change` than the best before it. The first that has a value is better than
  /// none; one without a value (NaN) never is.
  explicit BestEpoch(model::HeldOutValue value, double min_change = 0) : value_(value), min_change_(min_change) {}
  /// The next epoch of the curve. True: it is the best so far.
  bool add(const Epoch &epoch);
  std::size_t epoch() const { return best_epoch_; } ///< 0: none yet
  double best() const { return best_; }
  std::size_t epochs_since() const { return epochs_ - best_epoch_; } ///< of those that were added

private:
  model::HeldOutValue value_;
  double min_change_;
  std::size_t best_epoch_ = 0, epochs_ = 0;
  double best_ = absent;
};

} // namespace engram::simulation
