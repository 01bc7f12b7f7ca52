#include "simulation/best_epoch.hpp"

#include <cmath>

namespace engram::simulation {

double value_of(const Epoch &epoch, model::HeldOutValue value) {
  switch (value) {
  case model::HeldOutValue::loss:
    return epoch.held_out_loss;
  case model::HeldOutValue::accuracy:
    return epoch.held_out_accuracy;
  default:
    return epoch.held_out_reward;
  }
}

bool BestEpoch::add(const Epoch &epoch) {
  epochs_ = epoch.epoch;
  const double now = value_of(epoch, value_);
  const bool falls = value_ == model::HeldOutValue::loss;
  const bool better = std::isnan(best_) ? !std::isnan(now)
                      : falls           ? now < best_ - min_change_
                                        : now > best_ + min_change_;
  if (!better) return false;
  best_epoch_ = epoch.epoch;
  best_ = now;
  return true;
}

} // namespace engram::simulation
