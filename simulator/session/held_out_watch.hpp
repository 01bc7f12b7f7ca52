// A HeldOutWatch follows the held-out trials of a run: when learning stops, and which weights are kept, hang on the
// learning curve alone, so that a run that goes on decides as an undisturbed one does.
#pragma once

#include "simulation/best_epoch.hpp"

#include <optional>
#include <string>

namespace engram::session {

class HeldOutWatch {
public:
  explicit HeldOutWatch(const model::Task &task);
  /// The next whole epoch of the curve.
  void add(const simulation::Epoch &epoch);

  bool stops() const { return stop_.has_value(); }
  bool keeps_best() const { return best_.has_value(); }
  /// 0: none had a value, or the last weights are kept.
  std::size_t best_epoch() const { return best_ ? best_->epoch() : 0; }
  /// Have the held-out trials got no better for as long as the task's `stop` waits?
  bool enough() const { return stop_ && stop_->epochs_since() >= task_.stop->patience; }
  /// "after epoch 12 of 100: the held-out loss has not fallen for 5 epochs, since epoch 7 (0.0812)"
  std::string why_enough() const;
  /// The point of the curve that belongs to the weights that are kept; epoch 0: none yet.
  const simulation::Epoch &kept() const { return best_epoch() > 0 ? best_point_ : last_point_; }
  /// "the best held-out loss"; "" where the last weights are kept.
  std::string why_kept() const;

private:
  const model::Task &task_;
  std::optional<simulation::BestEpoch> stop_, best_;
  simulation::Epoch last_point_, best_point_;
};

} // namespace engram::session
