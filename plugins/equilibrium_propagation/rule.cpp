// Δw_ij = (r_i^β r_j^β − r_i^β' r_j^β') / (β − β'): rates at the end of this phase and at the end of the phase before,
// β and β' the strengths of the nudge in them. With β' = 0 (a free phase) it is the rule of Scellier & Bengio 2017
// (there ρ is the rate); with β' = −β the symmetric estimate of Laborieux et al. 2021.
#include <engram/rule.hpp>

struct EquilibriumPropagation {
  static constexpr engram::About about{
      .name = "equilibrium_propagation",
      .summary = "product of rates in a nudged phase less that of the phase before, by the difference of the nudges",
      .reference = "Scellier & Bengio 2017, Front Comput Neurosci 11:24; Laborieux et al. 2021, Front Neurosci "
                   "15:633674",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_NUDGE,
      .factors = 2,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_before", "", 0, 1, "presynaptic rate at the end of the phase before"},
      {ENGRAM_POST, "post_before", "", 0, 1, "postsynaptic rate at the end of the phase before"},
      {ENGRAM_POST, "nudge_before", "", 0, 1, "strength of the nudge in the phase before"},
  };
  template <class T> static void pre(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto before = side.state("pre_before");
    side.factor(0) = rate;
    side.factor(1).fill([&](size_t j, size_t b) { return before(j, b); });
    engram::copy(rate, before);
  }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto before = side.state("post_before"), nudge_before = side.state("nudge_before");
    const T nudge = static_cast<T>(side.now().objective);
    // The first phase has none before it, and two phases with the same nudge tell nothing: no change.
    const auto by_nudge = [&](size_t i, size_t b) {
      const T difference = nudge - nudge_before(i, b);
      return side.now().phase == 0 || difference == 0 ? T(0) : 1 / difference;
    };
    side.factor(0).fill([&](size_t i, size_t b) { return by_nudge(i, b) * rate(i, b); });
    side.factor(1).fill([&](size_t i, size_t b) { return -by_nudge(i, b) * before(i, b); });
    engram::copy(rate, before);
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) nudge_before(i, b) = nudge;
  }
};

ENGRAM_RULE(EquilibriumPropagation)
