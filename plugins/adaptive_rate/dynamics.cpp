// A rate that tires: tau u' = −u + I − strength w, tau_w w' = r − w, r = log(1 + e^u).
#include <engram/dynamics.hpp>

struct AdaptiveRate {
  static constexpr engram::Neuron about{
      .name = "adaptive_rate",
      .summary = "tau u' = -u + I + apical_coupling a - strength w, tau_w w' = r - w, rate r = log(1 + e^u)",
      .reference = "Benda & Herz 2003, Neural Comput 15:2523-2564, in the form of Dayan & Abbott 2001, ch. 7",
      .apical = true,
      .settles = true};
  static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential"),
                                               engram::state("w", "", 0, "what the rate was of late")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 10, 0.01, 1e6, "time constant of u"),
      engram::parameter("tau_w", "ms", 100, 0.01, 1e6, "time constant of the adaptation"),
      engram::parameter("strength", "", 0.5, 0, 1e3, "how much w inhibits u"),
      engram::parameter("apical_coupling", "", 0, -1e3, 1e3, "how strongly the apical compartment drives the soma")};
  template <class T> struct State { T u, w; };
  template <class T> struct Constants { T tau, tau_w, strength, apical_coupling; };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.u = (-x.u + in.soma + p.apical_coupling * in.apical - p.strength * x.w) / p.tau;
    slope.w = (rate(x, p) - x.w) / p.tau_w;
  }
  static auto rate(const auto &x, const auto &) { return softplus(x.u); }
};
ENGRAM_DYNAMICS(AdaptiveRate)
