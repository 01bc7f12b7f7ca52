// These clocks say when a run is brought up to date on the disk, and when it is told of.
#pragma once

#include "simulation/batch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace engram::session {

// What is on the disk of a run is never more than some seconds, or one epoch, behind; within a trial, a tenth of the
// time that has passed, and a minute.
class SaveTimes {
  using Clock = std::chrono::steady_clock;

public:
  bool due_after_epoch() const { return Clock::now() - saved_ >= std::chrono::seconds(5); }
  bool due_within_trial() const {
    const auto now = Clock::now();
    return now - saved_ >= std::max<Clock::duration>(std::chrono::minutes(1), (now - start_) / 10);
  }
  void saved() { saved_ = Clock::now(); }

private:
  Clock::time_point start_ = Clock::now(), saved_ = start_;
};

// Looks at the clock some fifty times a second, for a small step takes no longer than a look.
class ClockLooks {
  using Clock = std::chrono::steady_clock;

public:
  bool due(const simulation::BatchProgress &position) {
    if (position.step == 0) {
      looked_ = Clock::now();
      until_ = every_ = 1;
    }
    if (--until_ > 0) return false;
    const auto now = Clock::now();
    const auto passed = now - looked_;
    if (passed < std::chrono::milliseconds(10)) every_ *= 2;
    if (passed > std::chrono::milliseconds(40)) every_ = std::max<std::size_t>(1, every_ / 2);
    until_ = every_;
    looked_ = now;
    return true;
  }

private:
  Clock::time_point looked_ = Clock::now();
  std::size_t every_ = 1, until_ = 1; // steps between looks
};

} // namespace engram::session
