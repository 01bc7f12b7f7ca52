// Δw_ij = ε_i r_j, where ε = x − μ is the postsynaptic error neuron: the value less the prediction Σ w r + b of it.
// Read at the end of the phase, when the values have come to rest (Whittington & Bogacz 2017; θ there is w
// here).
#include <engram/rule.hpp>

struct PredictiveCoding {
  static constexpr engram::About about{
      .name = "predictive_coding",
      .summary = "presynaptic rate times the postsynaptic prediction error, once the values have come to rest",
      .reference = "Whittington & Bogacz 2017, Neural Comput 29:1229-1262; Rao & Ballard 1999, Nat Neurosci "
                   "2:79-87",
      .moment = ENGRAM_END_OF_PHASE,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("error"); }
};

ENGRAM_RULE(PredictiveCoding)
