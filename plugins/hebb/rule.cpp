// Δw_ij = (r_i − m_i) (r_j − m_j) − decay · w_ij.
// Variant "plain": m = 0. Variant "covariance": m is the neuron's own mean rate, a running average.
#include <engram/rule.hpp>

struct Hebb {
  static constexpr engram::About about{
      .name = "hebb",
      .summary = "presynaptic times postsynaptic rate, or their covariance; weights may decay",
      .reference = "Hebb 1949, The Organization of Behavior; covariance: Sejnowski 1977, J Math Biol 4:303, eq. 5",
      .pre_gain = true,
  };
  static constexpr const char *variants[] = {"plain", "covariance", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"variant", "", 0, 0, 1, "plain, or covariance: rates count from their running mean", variants},
      {"decay", "", 0, 0, 1e6, "weights decay at this multiple of the learning rate", nullptr},
      {"memory", "", 0.99, 0, 1, "share of the running mean that stays at each call", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_mean", "", 0, 0, "running mean of the presynaptic rate"},
      {ENGRAM_POST, "post_mean", "", 0, 0, "running mean of the postsynaptic rate"},
  };

  template <class T> static void deviation(engram::Side<T> &side, engram::View<T> mean) {
    const auto rate = side.signal("rate");
    if (side.parameter("variant") < 0.5) {
      side.factor(0) = rate;
      return;
    }
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) - mean(i); });
    const T keep = static_cast<T>(side.parameter("memory"));
    for (size_t i = 0; i < side.neurons(); ++i) {
      T sum = 0;
      for (size_t b = 0; b < side.trials(); ++b) sum += rate(i, b);
      mean(i) = keep * mean(i) + (1 - keep) * sum / static_cast<T>(side.trials());
    }
  }
  template <class T> static void pre(engram::Side<T> &side) {
    deviation(side, side.state("pre_mean"));
    // The host adds W diag(gain), and divides by the number of trials.
    const T decay = static_cast<T>(side.parameter("decay")) * static_cast<T>(side.trials());
    for (size_t j = 0; j < side.neurons(); ++j) side.gain(j) = -decay;
  }
  template <class T> static void post(engram::Side<T> &side) { deviation(side, side.state("post_mean")); }
};

ENGRAM_RULE(Hebb)
