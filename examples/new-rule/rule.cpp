// Anti-Hebbian decorrelation: dw_ij = -(r_i r_j - p^2). A lateral synapse falls while its two neurons are active
// together more than they should be.
#include <engram/rule.hpp>

struct AntiHebbian {
  static constexpr engram::About about{
      .name = "anti_hebbian",
      .summary = "lateral synapses fall while both neurons are active together",
      .reference = "Foldiak 1990, Biol Cybern 64:165-170",
      .factors = 2, // the product of the rates, and the constant
  };
  static constexpr engram_parameter parameters[] = {
      {"target", "", 0, 0, 1e6, "p: product of the rates that is aimed at is p squared", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};

  template <class T> static void pre(engram::Side<T> &side) {
    side.factor(0) = side.signal("rate");
    side.factor(1).fill([](size_t, size_t) { return T(1); });
  }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const T p = static_cast<T>(side.parameter("target"));
    side.factor(0).fill([&](size_t i, size_t b) { return -rate(i, b); });
    side.factor(1).fill([&](size_t, size_t) { return p * p; });
  }
};
ENGRAM_RULE(AntiHebbian)
