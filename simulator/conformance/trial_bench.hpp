// A TrialBench runs trials of an environment of a plugin, whose circuit is random numbers.
#pragma once

#include "task/plugin_environment.hpp"

#include <engram/environment.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::conformance {

/// All that came of a trial.
struct TrialSeen {
  std::size_t steps = 0; ///< that it lasted
  bool ended = false;    ///< else it was still running
  double reward = 0;     ///< summed
  std::vector<double> course, columns;
  std::vector<double> shown, rewards, choices; ///< by step, one after another; targets among what is shown
  bool operator==(const TrialSeen &other) const;
};

class TrialBench {
public:
  /// The table stays as long as this. Parameters are the defaults.
  explicit TrialBench(const engram_environment &table);
  TrialBench(const TrialBench &) = delete;
  TrialBench &operator=(const TrialBench &) = delete;

  std::vector<double> &parameters() { return parameters_; }
  static constexpr double step_ms = 1;

  /// Runs the first `count` trials of an epoch, side by side in the order of `order`, for `longest` steps at the most.
  /// Channels are joined to as few neurons as they take; `joined` false: those that need not be are joined to nothing.
  /// Errors: PluginFailure.
  std::vector<TrialSeen> run(std::size_t count, const std::vector<std::size_t> &order, std::size_t longest,
                             bool joined = true, std::uint64_t seed = 1) const;

private:
  task::EnvironmentEntry entry_;
  std::vector<double> parameters_;
};

} // namespace engram::conformance
