// A fast-spiking interneuron of the hippocampus: sodium, potassium and leak currents. The numbers of the source, per
// cm², are those of 100 um² of membrane in pF, nS and pA.
#include <engram/dynamics.hpp>

struct WangBuzsaki {
  static constexpr engram::Neuron about{
      .name = "wang_buzsaki",
      .summary = "C v' = -gNa m(v)^3 h (v - ENa) - gK n^4 (v - EK) - gL (v - EL) + I, with gates h and n; "
                 "a spike where v crosses threshold upwards",
      .reference = "Wang & Buzsaki 1996, J Neurosci 16:6402-6413, eqs. 2.1-2.3"};
  static constexpr engram_variable states[] = {
      engram::state("v", "mV", -64, "the potential"),
      engram::state("h", "", 0, "sodium channels that are not inactivated; begins as at rest at v"),
      engram::state("n", "", 0, "gate of potassium channels; begins as at rest at v")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "pF", 1, 1e-3, 1e6, "membrane capacitance C"),
      engram::parameter("sodium", "nS", 35, 0, 1e6, "gNa"),
      engram::parameter("sodium_reversal", "mV", 55, -1e3, 1e3, "ENa"),
      engram::parameter("potassium", "nS", 9, 0, 1e6, "gK"),
      engram::parameter("potassium_reversal", "mV", -90, -1e3, 1e3, "EK"),
      engram::parameter("leak", "nS", 0.1, 0, 1e6, "gL"),
      engram::parameter("leak_reversal", "mV", -65, -1e3, 1e3, "EL"),
      engram::parameter("phi", "", 5, 0.01, 1e3, "how many times faster the gates h and n are than at 6.3 degrees"),
      engram::parameter("threshold", "mV", 0, -1e3, 1e3, "a spike is counted where it is crossed upwards")};
  template <class T> struct State { T v, h, n; };
  template <class T> struct Constants {
    T capacitance, sodium, sodium_reversal, potassium, potassium_reversal, leak, leak_reversal, phi, threshold;
  };

  // Opening and closing rates of the gates, 1/ms. relative_exp(x) = x / (e^x − 1).
  template <class T> struct Rates { T open, close; };
  template <class T> static Rates<T> of_m(const T &v) {
    return {relative_exp(-(v + 35) / 10), 4 * exp(-(v + 60) / 18)};
  }
  template <class T> static Rates<T> of_h(const T &v) {
    return {0.07 * exp(-(v + 58) / 20), 1 / (exp(-(v + 28) / 10) + 1)};
  }
  template <class T> static Rates<T> of_n(const T &v) {
    return {relative_exp(-(v + 34) / 10) / 10, 0.125 * exp(-(v + 44) / 80)};
  }
  static void begin(auto &x, const auto &) {
    const auto h = of_h(x.v), n = of_n(x.v);
    x.h = h.open / (h.open + h.close);
    x.n = n.open / (n.open + n.close);
  }
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    const auto rates = of_m(x.v), h = of_h(x.v), n = of_n(x.v);
    const auto m = rates.open / (rates.open + rates.close); // follows the potential at once
    slope.v = (in.soma - p.sodium * m * m * m * x.h * (x.v - p.sodium_reversal) -
               p.potassium * x.n * x.n * x.n * x.n * (x.v - p.potassium_reversal) - p.leak * (x.v - p.leak_reversal)) /
              p.capacitance;
    slope.h = p.phi * (h.open * (1 - x.h) - h.close * x.h);
    slope.n = p.phi * (n.open * (1 - x.n) - n.close * x.n);
  }
  static auto threshold(const auto &, const auto &p) { return p.threshold; }
};
ENGRAM_DYNAMICS(WangBuzsaki)
