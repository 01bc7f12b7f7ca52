// The barnacle's muscle fibre: a calcium current that follows the potential at once, and a slow potassium current. The
// numbers of the sources, per cm², are those of 100 um² of membrane in pF, nS and pA.
#include <engram/dynamics.hpp>

struct MorrisLecar {
  static constexpr engram::Neuron about{
      .name = "morris_lecar",
      .summary =
          "C v' = -gL (v - EL) - gCa m(v) (v - ECa) - gK n (v - EK) + I, n' = phi (n(v) - n) cosh((v - V3) / 2 V4); "
          "a spike where v crosses threshold upwards",
      .reference =
          "Morris & Lecar 1981, Biophys J 35:193-213; parameters: Rinzel & Ermentrout 1998, Analysis of neural "
          "excitability and oscillations, table 7.1 (Hopf)"};
  static constexpr engram_variable states[] = {
      engram::state("v", "mV", -60, "the potential"),
      engram::state("n", "", 0, "open potassium channels; begins as it would be at rest at v")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "pF", 20, 1e-3, 1e6, "membrane capacitance C"),
      engram::parameter("leak", "nS", 2, 0, 1e6, "gL"),
      engram::parameter("leak_reversal", "mV", -60, -1e3, 1e3, "EL"),
      engram::parameter("calcium", "nS", 4.4, 0, 1e6, "gCa"),
      engram::parameter("calcium_reversal", "mV", 120, -1e3, 1e3, "ECa"),
      engram::parameter("potassium", "nS", 8, 0, 1e6, "gK"),
      engram::parameter("potassium_reversal", "mV", -84, -1e3, 1e3, "EK"),
      engram::parameter("v1", "mV", -1.2, -1e3, 1e3, "potential at which half of the calcium channels are open"),
      engram::parameter("v2", "mV", 18, 0.1, 1e3, "slope of their opening"),
      engram::parameter("v3", "mV", 2, -1e3, 1e3, "potential at which half of the potassium channels are open"),
      engram::parameter("v4", "mV", 30, 0.1, 1e3, "slope of their opening"),
      engram::parameter("phi", "1/ms", 0.04, 0, 1e3, "how fast potassium channels follow"),
      engram::parameter("threshold", "mV", 0, -1e3, 1e3, "a spike is counted where it is crossed upwards")};
  template <class T> struct State { T v, n; };
  template <class T> struct Constants {
    T capacitance, leak, leak_reversal, calcium, calcium_reversal, potassium, potassium_reversal, v1, v2, v3, v4, phi,
        threshold;
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
  static auto threshold(const auto &, const auto &p) { return p.threshold; }
};
ENGRAM_DYNAMICS(MorrisLecar)
