// The best epoch of a learning curve, and how many epochs passed since.
#include "simulation/best_epoch.hpp"

#include "catch.hpp"

#include <limits>
#include <utility>
#include <vector>

using namespace engram;
using model::HeldOutValue;
using simulation::BestEpoch;

namespace {

const double no_value = std::numeric_limits<double>::quiet_NaN();

simulation::Epoch held_out_epoch(std::size_t number, HeldOutValue value, double now) {
  simulation::Epoch epoch;
  epoch.epoch = number;
  (value == HeldOutValue::loss       ? epoch.held_out_loss
   : value == HeldOutValue::accuracy ? epoch.held_out_accuracy
                                     : epoch.held_out_reward) = now;
  return epoch;
}

// The best epoch after each.
std::vector<std::size_t> best_by_epoch(BestEpoch best, HeldOutValue value, const std::vector<double> &curve) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const bool better = best.add(held_out_epoch(k + 1, value, curve[k]));
    CHECK(better == (best.epoch() == k + 1));
    CHECK(best.epochs_since() == k + 1 - best.epoch());
    out.push_back(best.epoch());
  }
  return out;
}

} // namespace

TEST_CASE("the best epoch has the lowest loss, or the highest accuracy or reward, and is the first of equals",
          "[simulation]") {
  using Epochs = std::vector<std::size_t>;
  const auto loss = HeldOutValue::loss;
  CHECK(best_by_epoch(BestEpoch(loss), loss, {3, 2, 2, 4, 1, 1}) == Epochs{1, 2, 2, 2, 5, 5});
  for (const auto value : {HeldOutValue::accuracy, HeldOutValue::reward})
    CHECK(best_by_epoch(BestEpoch(value), value, {0.5, 0.5, 0.75, 0.25, 1, 1}) == Epochs{1, 1, 3, 3, 5, 5});
}

TEST_CASE("an epoch is better by more than min_change than the best before it", "[simulation]") {
  using Epochs = std::vector<std::size_t>;
  const auto loss = HeldOutValue::loss, accuracy = HeldOutValue::accuracy;
  // Small steps add up: 3 is compared with 5, not with 4.5.
  CHECK(best_by_epoch(BestEpoch(loss, 1), loss, {5, 4.5, 4, 3.5, 2.5}) == Epochs{1, 1, 1, 4, 4});
  CHECK(best_by_epoch(BestEpoch(accuracy, 0.25), accuracy, {0.25, 0.5, 0.75}) == Epochs{1, 1, 3});
}

TEST_CASE("an epoch without a value is never the best", "[simulation]") {
  using Epochs = std::vector<std::size_t>;
  const auto loss = HeldOutValue::loss;
  CHECK(best_by_epoch(BestEpoch(loss), loss, {no_value, no_value, 2, no_value, 1}) == Epochs{0, 0, 3, 3, 5});
}
