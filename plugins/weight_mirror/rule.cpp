// For a feedback projection, from the error of a region to the apical compartment of the one below, in a phase in
// which that one is noisy: Δb_ij = (r_i − m_i) (r_j − m_j), i the receiver of the feedback, j its sender, m running
// means. The noise reaches j through the forward weight w_ji, so its mean is σ_i² w_ji (Akrout et al. 2019, eq. 7,
// whose noise has mean 0 by itself).
#include <engram/rule.hpp>

struct WeightMirror {
  static constexpr engram::About about{
      .name = "weight_mirror",
      .summary = "covariance of rates under noise, which copies the forward weights into the feedback path",
      .reference = "Akrout, Wilson, Humphreys, Lillicrap & Tweed 2019, NeurIPS 32:976-984, eq. 7",
  };
  static constexpr engram_parameter parameters[] = {
      {"memory", "", 0.9, 0, 1, "share of the running mean that stays at each step of a plastic phase", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_mean", "", 0, 0, "running mean of the presynaptic rate in plastic phases"},
      {ENGRAM_POST, "post_mean", "", 0, 0, "running mean of the postsynaptic rate in plastic phases"},
  };
  template <class T> static void deviation(engram::Side<T> &side, engram::View<T> mean) {
    const auto rate = side.signal("rate");
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) - mean(i); });
    if (!side.now().plastic) return; // the means are those of the mirror phase
    const T keep = static_cast<T>(side.parameter("memory"));
    for (size_t i = 0; i < side.neurons(); ++i) {
      T sum = 0;
      for (size_t b = 0; b < side.trials(); ++b) sum += rate(i, b);
      mean(i) = keep * mean(i) + (1 - keep) * sum / static_cast<T>(side.trials());
    }
  }
  template <class T> static void pre(engram::Side<T> &side) { deviation(side, side.state("pre_mean")); }
  template <class T> static void post(engram::Side<T> &side) { deviation(side, side.state("post_mean")); }
};

ENGRAM_RULE(WeightMirror)
