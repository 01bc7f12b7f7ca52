// The mean of a trial is to be that of its target: ½ (mean x − mean y)², summed over the neurons.
#include <engram/objective.hpp>

struct MeanError {
  static constexpr engram::Term about{.name = "mean_error",
                                      .summary = "sum over the neurons of (mean of signal - mean of target)^2 / 2",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_ARRAY,
                                      .over = ENGRAM_OVER_MEAN};
  static auto neuron(const auto &x, const auto &y, const auto &) { return (x - y) * (x - y) / 2; }
};
ENGRAM_OBJECTIVE(MeanError)
