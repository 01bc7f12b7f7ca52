// Progress of a run: one line that moves on a terminal, a line now and then in a log.
#pragma once

#include "cli/status_line.hpp"
#include "simulation/run.hpp"

#include <chrono>
#include <string>

namespace engram::cli {

class ProgressLine {
public:
  explicit ProgressLine(bool quiet);
  void show(const simulation::Progress &progress);
  void epoch_done(const simulation::Epoch &epoch, std::size_t epochs);
  /// Ends the moving line, so that other text can follow.
  void clear() { line_.clear(); }

private:
  using Clock = std::chrono::steady_clock;
  StatusLine line_;
  Clock::time_point start_, last_epoch_;
};

/// "12.3 s", "4 min 05 s"
std::string duration(double seconds);
/// "0.123", "94.2 %", "-" for NaN
std::string loss_text(double loss);
std::string percent_text(double share);

} // namespace engram::cli
