// The built-in adex, without the width and the traces of its spikes, written as a plugin: tests compare their spikes,
// and a benchmark their time.
#include <engram/dynamics.hpp>

struct AdexAgain {
  static constexpr engram::Neuron about{
      .name = "adex_again",
      .summary = "C v' = -g (v - E) + g slope exp((v - threshold) / slope) - w + I, tau_w w' = a (v - E) - w",
      .reference = "Brette & Gerstner 2005, J Neurophysiol 94:3637-3642, eqs. 1-2",
      .refractory = "refractory"};
  static constexpr engram_variable states[] = {engram::state_at("v", "mV", "rest", "the potential"),
                                               engram::state("w", "pA", 0, "adaptation current")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "pF", 281, 1e-3, 1e9, "membrane capacitance"),
      engram::parameter("leak", "nS", 30, 1e-3, 1e9, "leak conductance"),
      engram::parameter("rest", "mV", -70.6, -1e3, 1e3, "leak reversal potential E"),
      engram::parameter("slope", "mV", 2, 1e-3, 1e3, "slope factor of the upstroke"),
      engram::parameter("threshold", "mV", -50.4, -1e3, 1e3, "potential at which the upstroke begins"),
      engram::parameter("tau_w", "ms", 144, 1e-3, 1e9, "time constant of w"),
      engram::parameter("a", "nS", 4, -1e6, 1e6, "by how much w follows the potential"),
      engram::parameter("b", "pA", 80.5, -1e6, 1e6, "by which a spike raises w"),
      engram::parameter("reset", "mV", -70.6, -1e3, 1e3, "potential after a spike"),
      engram::parameter("peak", "mV", 20, -1e3, 1e3, "potential at which the spike is over"),
      engram::parameter("refractory", "ms", 0, 0, 1e6, "for which the potential is held after a spike")};
  template <class T> struct State { T v, w; };
  template <class T> struct Constants {
    T capacitance, leak, rest, slope, threshold, tau_w, a, b, reset, peak, refractory;
  };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    const auto exponent = min((x.v - p.threshold) / p.slope, 80);
    const auto upstroke = p.leak * min(p.slope * exp(exponent), 1e7);
    slope.v = (p.leak * (p.rest - x.v) + upstroke - x.w + in.soma) / p.capacitance;
    slope.w = (p.a * (x.v - p.rest) - x.w) / p.tau_w;
  }
  static auto threshold(const auto &, const auto &p) { return p.peak; }
  static void reset(auto &x, const auto &p) {
    x.v = p.reset;
    x.w += p.b;
  }
};
ENGRAM_DYNAMICS(AdexAgain)
