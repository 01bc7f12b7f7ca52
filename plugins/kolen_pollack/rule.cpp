// For a feedback projection, from the error of a region to the apical compartment of the one below: Δb_ij = r_i e_j, r
// the rate of the region that receives the feedback, e the error that it carries. The forward synapse w_ji changes by
// e_j r_i (feedback_alignment), so both change alike, and with equal decay B − Wᵀ vanishes (Akrout et al. 2019, eqs.
// 16-17).
#include <engram/rule.hpp>

struct KolenPollack {
  static constexpr engram::About about{
      .name = "kolen_pollack",
      .summary =
          "feedback synapses change as their forward partners do: rate of the receiver times the error they carry",
      .reference = "Akrout et al. 2019, NeurIPS 32:976-984, eqs. 16-17; Kolen & Pollack 1994, ICNN 3:1375-1380",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_signal signals[] = {engram::pre("error"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("error"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
};

ENGRAM_RULE(KolenPollack)
