// Δw_ij = r_i (r_i − θ_i) φ'(u_i) r_j, where the threshold θ_i slides with the neuron's own activity:
// τ θ_i' = r_i² − θ_i. This is the gradient of the risk −E[r³]/3 + E[r²]²/4 when θ = E[r²].
#include <engram/rule.hpp>

#include <cmath>

struct Bcm {
  static constexpr engram::About about{
      .name = "bcm",
      .summary = "Hebbian above, anti-Hebbian below a threshold that slides with the mean of the squared rate",
      .reference = "Bienenstock, Cooper & Munro 1982, J Neurosci 2:32-48; threshold: Intrator & Cooper 1992, "
                   "Neural Netw 5:3-17",
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 100, 1e-6, 1e12, "time constant of the threshold; must be short against that of learning", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate"), engram::post("gain")};
  static constexpr engram_state states[] = {
      {ENGRAM_POST, "threshold", "", 0, 0, "running mean of the squared postsynaptic rate"},
  };
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto r = side.signal("rate"), slope = side.signal("gain");
    const auto theta = side.state("threshold");
    side.factor(0).fill([&](size_t i, size_t b) { return r(i, b) * (r(i, b) - theta(i)) * slope(i, b); });
    // The trials of a batch run at the same time: the threshold moves to their mean, exactly for a constant rate.
    const T share = static_cast<T>(-std::expm1(-side.now().step / side.parameter("tau")));
    for (size_t i = 0; i < side.neurons(); ++i) {
      T sum = 0;
      for (size_t b = 0; b < side.trials(); ++b) sum += r(i, b) * r(i, b);
      theta(i) += share * (sum / static_cast<T>(side.trials()) - theta(i));
    }
  }
};

ENGRAM_RULE(Bcm)
