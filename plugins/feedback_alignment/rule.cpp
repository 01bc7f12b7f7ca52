// Δw_ij = e_i r_j, where e = φ'(u) ⊙ a is the error of the postsynaptic neuron: its apical input, gated by the slope
// of its activation. Which weights bring the error there is a matter of wiring, not of this rule.
#include <engram/rule.hpp>

struct FeedbackAlignment {
  static constexpr engram::About about{
      .name = "feedback_alignment",
      .summary = "presynaptic rate times the postsynaptic error that arrives at the apical compartment",
      .reference = "Lillicrap, Cownden, Tweed & Akerman 2016, Nat Commun 7:13276, eq. 3",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("error"); }
};

ENGRAM_RULE(FeedbackAlignment)
