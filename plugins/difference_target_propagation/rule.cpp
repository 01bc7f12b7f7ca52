// Of a forward synapse: Δw_ij = (ĥ_i − h_i) φ'(u_i) h_j, the target less the rate. The target is
// corrected by a difference, ĥ = h + g(ĥ_above) − g(h_above), so that ĥ − h is what the apical compartment
// gains when the objective moves the region above: its input now less that at the end of the phase before.
// Of an inverse synapse (`direction` inverse), onto a region g that is to tell from above what its apical compartment
// is shown from below: Δv_ij = (h_i − g_i) φ'(u_i) h_j.
#include <engram/rule.hpp>

struct DifferenceTargetPropagation {
  static constexpr const char *directions[] = {"forward", "inverse", nullptr};
  static constexpr engram::About about{
      .name = "difference_target_propagation",
      .summary = "presynaptic rate times the distance to a target that learnt inverses bring from above",
      .reference = "Lee, Zhang, Fischer & Bengio 2015, ECML PKDD, LNCS 9284:498-515, section 2.3",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"direction", "", 0, 0, 1, "forward: towards the target; inverse: towards the region below", directions},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate"), engram::post("gain"),
                                              engram::post("apical")};
  static constexpr engram_state states[] = {
      {ENGRAM_POST, "before", "", 0, 1, "apical input while the objective was silent"},
  };
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate"), gain = side.signal("gain"), apical = side.signal("apical");
    if (side.parameter("direction") != 0) {
      side.factor(0).fill([&](size_t i, size_t b) { return (apical(i, b) - rate(i, b)) * gain(i, b); });
      return;
    }
    const auto before = side.state("before");
    const bool taught = side.now().objective != 0;
    side.factor(0).fill([&](size_t i, size_t b) {
      if (taught) return (apical(i, b) - before(i, b)) * gain(i, b);
      before(i, b) = apical(i, b);
      return T(0);
    });
  }
};

ENGRAM_RULE(DifferenceTargetPropagation)
