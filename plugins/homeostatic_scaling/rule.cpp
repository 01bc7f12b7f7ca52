// Δw_ij = w_ij (r* − m_i), where m_i is a running mean of the neuron's own rate: τ m_i' = r_i − m_i. All synapses onto
// a neuron are multiplied by one number, so that their ratios stay.
#include <engram/rule.hpp>

#include <cmath>

struct HomeostaticScaling {
  static constexpr engram::About about{
      .name = "homeostatic_scaling",
      .summary = "all weights onto a neuron are scaled until its mean rate is the target",
      .reference = "Turrigiano et al. 1998, Nature 391:892-896; van Rossum, Bi & Turrigiano 2000, J Neurosci "
                   "20:8812-8821",
      .post_gain = true,
  };
  static constexpr engram_parameter parameters[] = {
      {"target", "", 0.1, -1e12, 1e12, "r*, the mean rate that each neuron returns to", nullptr},
      {"tau", "ms", 1000, 1e-6, 1e12, "time constant of the running mean", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::post("rate")};
  static constexpr engram_state states[] = {
      // Kept as the deviation from the target, so that a neuron begins with no deviation rather than with silence.
      {ENGRAM_POST, "deviation", "", 0, 0, "running mean of the postsynaptic rate, less the target"},
  };
  template <class T> static void pre(engram::Side<T> &side) {
    side.factor(0).fill([](size_t, size_t) { return 0; });
  }
  template <class T> static void post(engram::Side<T> &side) {
    side.factor(0).fill([](size_t, size_t) { return 0; });
    const auto rate = side.signal("rate");
    const auto deviation = side.state("deviation");
    const T target = static_cast<T>(side.parameter("target")), trials = static_cast<T>(side.trials());
    const T share = static_cast<T>(-std::expm1(-side.now().step / side.parameter("tau")));
    for (size_t i = 0; i < side.neurons(); ++i) {
      T sum = 0;
      for (size_t b = 0; b < side.trials(); ++b) sum += rate(i, b);
      deviation(i) += share * (sum / trials - target - deviation(i));
      side.gain(i) = -deviation(i) * trials; // the host divides by the number of trials
    }
  }
};

ENGRAM_RULE(HomeostaticScaling)
