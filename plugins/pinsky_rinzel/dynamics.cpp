// A pyramidal cell of CA3 in two compartments: the soma makes sodium spikes, and the dendrite a calcium spike, under
// which the soma bursts. The numbers of the source, per cm² of the whole cell, are those of 100 um² of membrane in pF,
// nS and pA; potentials are 60 mV below the source's, which count from rest.
#include <engram/dynamics.hpp>

struct PinskyRinzel {
  static constexpr engram::Neuron about{
      .name = "pinsky_rinzel",
      .summary =
          "C v' = -gL (v - EL) - gNa m(v)^2 h (v - ENa) - gKDR n (v - EK) + gc (u - v) / p + I / p; C u' = -gL (u - "
          "EL) "
          "- gCa s^2 (u - ECa) - gKC c min(Ca / 250, 1) (u - EK) - gAHP q (u - EK) + gc (v - u) / (1 - p) + a / (1 - "
          "p), Ca' = -0.39 ICa / C - 0.075 Ca; a spike where v crosses threshold upwards",
      .reference = "Pinsky & Rinzel 1994, J Comput Neurosci 1:39-60 (erratum 2:275)",
      .apical = true};
  static constexpr engram_variable states[] = {
      engram::state("v", "mV", -64.6, "potential of the soma"),
      engram::state("u", "mV", -64.5, "potential of the dendrite"),
      engram::state("h", "", 0.999, "sodium channels of the soma that are not inactivated"),
      engram::state("n", "", 0.001, "gate of the soma's potassium channels"),
      engram::state("s", "", 0.009, "gate of the dendrite's calcium channels"),
      engram::state("c", "", 0.007, "gate of the potassium channels that calcium and the potential open at once"),
      engram::state("q", "", 0.010, "gate of the potassium channels that calcium opens slowly"),
      engram::state("calcium", "", 0.2, "calcium in the dendrite, in the source's units")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "pF", 3, 1e-3, 1e6, "membrane capacitance C"),
      engram::parameter("leak", "nS", 0.1, 0, 1e6, "gL of both compartments"),
      engram::parameter("sodium", "nS", 30, 0, 1e6, "gNa of the soma"),
      engram::parameter("potassium", "nS", 15, 0, 1e6, "gKDR of the soma"),
      engram::parameter("calcium_current", "nS", 10, 0, 1e6, "gCa of the dendrite"),
      engram::parameter("fast_potassium", "nS", 15, 0, 1e6, "gKC of the dendrite"),
      engram::parameter("slow_potassium", "nS", 0.8, 0, 1e6, "gAHP of the dendrite"),
      engram::parameter("coupling", "nS", 2.1, 0, 1e6, "gc between the compartments"),
      engram::parameter("share", "", 0.5, 0.01, 0.99, "p, the soma's share of the membrane"),
      engram::parameter("leak_reversal", "mV", -60, -1e3, 1e3, "EL"),
      engram::parameter("sodium_reversal", "mV", 60, -1e3, 1e3, "ENa"),
      engram::parameter("potassium_reversal", "mV", -75, -1e3, 1e3, "EK"),
      engram::parameter("calcium_reversal", "mV", 80, -1e3, 1e3, "ECa"),
      engram::parameter("rest", "mV", -60, -1e3, 1e3, "potential from which the gates' rates count"),
      engram::parameter("threshold", "mV", -10, -1e3, 1e3, "a spike is counted where v crosses it upwards")};
  template <class T> struct State { T v, u, h, n, s, c, q, calcium; };
  template <class T> struct Constants {
    T capacitance, leak, sodium, potassium, calcium_current, fast_potassium, slow_potassium, coupling, share,
        leak_reversal, sodium_reversal, potassium_reversal, calcium_reversal, rest, threshold, influx;
  };

  // Calcium follows the current per membrane, of 3 uF/cm2.
  static void prepare(auto &p) { p.influx = 0.13 * (3 / p.capacitance); }

  // Opening and closing rates of the gates, 1/ms. relative_exp(x) = x / (e^x − 1).
  static auto follow(const auto &open, const auto &close, const auto &gate) { return open * (1 - gate) - close * gate; }
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    const auto v = x.v - p.rest, u = x.u - p.rest;
    const auto m_open = 1.28 * relative_exp((13.1 - v) / 4), m_close = 1.4 * relative_exp((v - 40.1) / 5);
    const auto m = m_open / (m_open + m_close); // follows the potential at once
    slope.h = follow(0.128 * exp((17 - v) / 18), 4 / (1 + exp((40 - v) / 5)), x.h);
    slope.n = follow(0.08 * relative_exp((35.1 - v) / 5), 0.25 * exp(0.5 - 0.025 * v), x.n);
    slope.s = follow(1.6 / (1 + exp(-0.072 * (u - 65))), 0.1 * relative_exp((u - 51.1) / 5), x.s);
    const auto slow = 2 * exp((6.5 - u) / 27);
    const auto c_open = select(u <= 50, exp(min((u - 10) / 11 - (u - 6.5) / 27, 80)) / 18.975, slow);
    slope.c = follow(c_open, select(u <= 50, slow - c_open, 0), x.c);
    slope.q = follow(min(0.00002 * x.calcium, 0.01), 0.001, x.q);
    const auto into = p.calcium_current * x.s * x.s * (x.u - p.calcium_reversal);
    slope.calcium = -p.influx * into - 0.075 * x.calcium;
    slope.v = (-p.leak * (x.v - p.leak_reversal) - p.sodium * m * m * x.h * (x.v - p.sodium_reversal) -
               p.potassium * x.n * (x.v - p.potassium_reversal) + (p.coupling * (x.u - x.v) + in.soma) / p.share) /
              p.capacitance;
    const auto through_calcium = p.fast_potassium * x.c * min(x.calcium / 250, 1) + p.slow_potassium * x.q;
    slope.u = (-p.leak * (x.u - p.leak_reversal) - into - through_calcium * (x.u - p.potassium_reversal) +
               (p.coupling * (x.v - x.u) + in.apical) / (1 - p.share)) /
              p.capacitance;
  }
  static auto threshold(const auto &, const auto &p) { return p.threshold; }
};
ENGRAM_DYNAMICS(PinskyRinzel)
