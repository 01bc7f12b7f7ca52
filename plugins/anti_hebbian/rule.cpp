// Δu_ij = −r_i r_j: a lateral synapse grows more inhibitory while its two neurons are correlated, and rests when they
// are not.
#include <engram/rule.hpp>

struct AntiHebbian {
  static constexpr engram::About about{
      .name = "anti_hebbian",
      .summary = "minus the product of the rates: lateral synapses that take correlations away",
      .reference = "Rubner & Tavan 1989, Europhys Lett 10:693-698",
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    side.factor(0).fill([&](size_t i, size_t b) { return -rate(i, b); });
  }
};

ENGRAM_RULE(AntiHebbian)
