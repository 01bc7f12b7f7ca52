// Δw_ij = (b_i − p̄_i e_i) r_j: a synapse grows where its neuron turns more of its events e into bursts b than it is
// used to. p̄ = b / e is the burst probability at the end of the last phase in which the objective is silent; the
// rule answers at the end of those in which it is delivered.
#include <engram/rule.hpp>

struct BurstProp {
  static constexpr engram::About about{
      .name = "burst_prop",
      .summary = "presynaptic rate times the change of burst rate that the teacher brings about, through feedback of "
                 "bursts",
      .reference = "Payeur, Guerguiev, Zenke, Richards & Naud 2021, Nat Neurosci 24:1010-1019, eq. 1",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate"), engram::post("burst")};
  static constexpr engram_state states[] = {
      {ENGRAM_POST, "expected", "", 0, 1, "burst probability of this trial without the teacher"},
  };
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto event = side.signal("rate"), burst = side.signal("burst");
    const auto expected = side.state("expected");
    const bool taught = side.now().objective != 0;
    side.factor(0).fill([&](size_t i, size_t b) {
      if (taught) return burst(i, b) - expected(i, b) * event(i, b);
      expected(i, b) = event(i, b) > 0 ? burst(i, b) / event(i, b) : T(0); // a neuron without events has no bursts
      return T(0);
    });
  }
};

ENGRAM_RULE(BurstProp)
