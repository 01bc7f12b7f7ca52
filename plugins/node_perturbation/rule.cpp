// Δw_ij = δ ξ_i r_j / σ²: the noise ξ that was injected into the postsynaptic neuron, times what the presynaptic
// neuron brought, if the reward came out above what was expected (δ > 0), and against it if below. Since
// E[δ ξ] = σ² ∂R/∂u to first order in σ, the mean change is the gradient of the reward.
#include <engram/rule.hpp>

struct NodePerturbation {
  static constexpr engram::About about{
      .name = "node_perturbation",
      .summary = "noise of the neuron times presynaptic rate, signed by the reward that followed",
      .reference = "Werfel, Xie & Seung 2005, Neural Comput 17:2699-2718; Fiete & Seung 2006, Phys Rev Lett "
                   "97:048104",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_SCALAR,
  };
  static constexpr engram_parameter parameters[] = {
      {"sd", "", 0.1, 1e-9, 1e9, "sigma, the s.d. of the noise of the postsynaptic region", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("noise")};
  static constexpr const char *modulators[] = {"reward_prediction_error"};

  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto xi = side.signal("noise");
    const auto delta = side.modulator("reward_prediction_error");
    const double sd = side.parameter("sd");
    const T scale = static_cast<T>(1 / (sd * sd));
    side.factor(0).fill([&](size_t i, size_t b) { return scale * delta(0, b) * xi(i, b); });
  }
};

ENGRAM_RULE(NodePerturbation)
