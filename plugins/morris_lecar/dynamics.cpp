// The barnacle's muscle fibre: a calcium current that follows the potential at once, and a slow potassium current.
#include <engram/dynamics.hpp>

struct MorrisLecar {
  static constexpr engram::Neuron about{
      .name = "morris_lecar",
      .summary =
          "C v' = -gL (v - EL) - gCa m(v) (v - ECa) - gK n (v - EK) + I, n' = phi (n(v) - n) cosh((v - V3) / 2 V4), "
          "rate = 1 / (1 + exp(-(v - release_at) / release_slope))",
      .reference =
          "Morris & Lecar 1981, Biophys J 35:193-213; parameters: Rinzel & Ermentrout 1998, Analysis of neural "
          "excitability and oscillations, table 7.1 (Hopf)"};
  static constexpr engram_variable states[] = {
      engram::state("v", "mV", -60, "the potential"),
      engram::state("n", "", 0, "open potassium channels; begins as it would be at rest at v")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "uF/cm2", 20, 1e-3, 1e6, "membrane capacitance C"),
      engram::parameter("leak", "mS/cm2", 2, 0, 1e6, "gL"),
      engram::parameter("leak_reversal", "mV", -60, -1e3, 1e3, "EL"),
      engram::parameter("calcium", "mS/cm2", 4.4, 0, 1e6, "gCa"),
      engram::parameter("calcium_reversal", "mV", 120, -1e3, 1e3, "ECa"),
      engram::parameter("potassium", "mS/cm2", 8, 0, 1e6, "gK"),
      engram::parameter("potassium_reversal", "mV", -84, -1e3, 1e3, "EK"),
      engram::parameter("v1", "mV", -1.2, -1e3, 1e3, "potential at which half of the calcium channels are open"),
      engram::parameter("v2", "mV", 18, 0.1, 1e3, "slope of their opening"),
      engram::parameter("v3", "mV", 2, -1e3, 1e3, "potential at which half of the potassium channels are open"),
      engram::parameter("v4", "mV", 30, 0.1, 1e3, "slope of their opening"),
      engram::parameter("phi", "1/ms", 0.04, 0, 1e3, "how fast potassium channels follow"),
      engram::parameter("release_at", "mV", 0, -1e3, 1e3, "potential at which the rate is 1/2"),
      engram::parameter("release_slope", "mV", 5, 0.01, 1e3, "over which the rate rises")};
  template <class T> struct State { T v, n; };
  template <class T> struct Constants {
    T capacitance, leak, leak_reversal, calcium, calcium_reversal, potassium, potassium_reversal, v1, v2, v3, v4, phi,
        release_at, release_slope;
  };

  static auto open(const auto &v, const auto &half, const auto &slope) { return 0.5 * (1 + tanh((v - half) / slope)); }
  static void begin(auto &x, const auto &p) { x.n = open(x.v, p.v3, p.v4); }
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    const auto half = exp((x.v - p.v3) / (2 * p.v4)), cosh = 0.5 * (half + 1 / half);
    slope.v =
        (in.soma - p.leak * (x.v - p.leak_reversal) - p.calcium * open(x.v, p.v1, p.v2) * (x.v - p.calcium_reversal) -
         p.potassium * x.n * (x.v - p.potassium_reversal)) /
        p.capacitance;
    slope.n = p.phi * (open(x.v, p.v3, p.v4) - x.n) * cosh;
  }
  static auto rate(const auto &x, const auto &p) { return sigmoid((x.v - p.release_at) / p.release_slope); }
};
ENGRAM_DYNAMICS(MorrisLecar)
