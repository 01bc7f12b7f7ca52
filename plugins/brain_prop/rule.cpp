// Δw_ij = δ e_i r_j, δ = R − q_s. q_s, the rate of the chosen output neuron, is the reward that the circuit expects of
// its choice; e = φ'(u) ⊙ a is attention that flows back from that neuron, gated by the slope of the activation.
// The change is −∂/∂w ½ (R − q_s)²: backprop's, of the one output that was tried.
#include <engram/rule.hpp>

struct BrainProp {
  static constexpr engram::About about{
      .name = "brain_prop",
      .summary = "reward less the value of the choice, times attention that flows back from the choice",
      .reference = "Pozzi, Bohte & Roelfsema 2020, Adv Neural Inf Process Syst 33:2516-2526",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_ATTENTION,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};
  static constexpr const char *modulators[] = {"reward_prediction_error"};

  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto error = side.signal("error");
    const auto delta = side.modulator("reward_prediction_error");
    side.factor(0).fill([&](size_t i, size_t b) { return delta(0, b) * error(i, b); });
  }
};

ENGRAM_RULE(BrainProp)
