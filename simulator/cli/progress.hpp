// A ProgressLine shows how far a run is: one line that is redrawn on a terminal, or a line now and then in a log.
#pragma once

#include "cli/status_line.hpp"
#include "simulation/training.hpp"

#include <chrono>
#include <string>

namespace engram::cli {

class ProgressLine {
public:
  /// `step_ms`: simulated time of a step.
  ProgressLine(bool quiet, double step_ms);
  /// Names the work that is done before the first trial.
  void stage(const std::string &what);
  /// The work begins, and is this long; `done` of the trials were done before.
  void begin(std::size_t epochs, std::size_t trials, std::size_t done = 0);
  /// After a batch.
  void show(const simulation::Progress &progress);
  /// Before the first step of a batch, and before some later steps.
  void within_batch(const simulation::BatchProgress &position);
  void epoch_done(const simulation::Epoch &epoch, std::size_t epochs);
  /// Ends the moving line, so that other text can follow.
  void clear() { line_.clear(); }

private:
  using Clock = std::chrono::steady_clock;
  std::string position_text(const simulation::BatchProgress &position) const;
  double left(double trials_done) const;

  StatusLine line_;
  double step_ms_;
  Clock::time_point start_, last_epoch_, batch_;
  simulation::Progress progress_;
  std::size_t before_ = 0; // trials that were done before
};

/// "12.3 s", "4 min 05 s"
std::string duration(double seconds);
/// "0.123", "94.2 %", "-" for NaN
std::string loss_text(double loss);
std::string percent_text(double share);

} // namespace engram::cli
