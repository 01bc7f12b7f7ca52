// The goodness of a region is G = Σ_i r_i², and p = σ(k (G − θ)) the probability that what it is shown is real. Its
// synapses climb log p when it is (`data` positive) and log(1 − p) when it is not (negative):
//   Δw_ij = (1 − p) r_i φ'(u_i) r_j     or     Δw_ij = −p r_i φ'(u_i) r_j     (a factor 2k is left to the rate).
// A neuron learns G from what arrives at its apical compartment, where the circuit brings it.
#include <engram/rule.hpp>

#include <cmath>

struct ForwardForward {
  static constexpr const char *kinds[] = {"positive", "negative", nullptr};
  static constexpr engram::About about{
      .name = "forward_forward",
      .summary = "raises the region's sum of squared rates for real data, and lowers it for made-up data",
      .reference = "Hinton 2022, arXiv:2212.13345, section 2, eq. 1",
      .moment = ENGRAM_END_OF_PHASE,
  };
  static constexpr engram_parameter parameters[] = {
      {"data", "", 0, 0, 1, "what is shown in the phases in which this rule is plastic", kinds},
      {"threshold", "", 1, 0, 1e9, "theta, the goodness at which real and made-up are equally likely", nullptr},
      {"slope", "", 1, 1e-9, 1e9, "k, how sharply goodness decides", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate"), engram::post("gain"),
                                              engram::post("apical")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate"), gain = side.signal("gain"), goodness = side.signal("apical");
    const T theta = static_cast<T>(side.parameter("threshold")), k = static_cast<T>(side.parameter("slope"));
    const bool negative = side.parameter("data") != 0;
    side.factor(0).fill([&](size_t i, size_t b) {
      const T p = 1 / (1 + std::exp(-k * (goodness(i, b) - theta)));
      return (negative ? -p : 1 - p) * rate(i, b) * gain(i, b);
    });
  }
};

ENGRAM_RULE(ForwardForward)
