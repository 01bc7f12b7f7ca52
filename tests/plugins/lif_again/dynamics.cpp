// The built-in lif, its adaptation included, written as a plugin: tests compare their gradients.
#include <engram/dynamics.hpp>

struct LifAgain {
  static constexpr engram::Neuron about{.name = "lif_again",
                                        .summary = "tau v' = -(v - rest) + tau I / capacitance, v >= threshold + theta",
                                        .reference = "Rotter & Diesmann 1999, Biol Cybern 81:381-402",
                                        .refractory = "refractory",
                                        .linear = true};
  static constexpr engram_variable states[] = {engram::state_at("v", "mV", "rest", "the potential"),
                                               engram::state("theta", "mV", 0, "by which spikes raised the threshold")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 20, 1e-3, 1e6, "membrane time constant"),
      engram::parameter("capacitance", "pF", 250, 1e-6, 1e9, "membrane capacitance"),
      engram::parameter("rest", "mV", -70, -1e3, 1e3, "resting potential"),
      engram::parameter("reset", "mV", -70, -1e3, 1e3, "potential after a spike"),
      engram::parameter("threshold", "mV", -50, -1e3, 1e6, "potential of a spike"),
      engram::parameter("subtract", "", 0, 0, 1, "1: a spike takes threshold - rest away from the potential"),
      engram::parameter("adaptation", "mV", 0, 0, 1e3, "by which a spike raises the threshold"),
      engram::parameter("adaptation_tau", "ms", 200, 1e-3, 1e6, "with which it comes back"),
      engram::parameter("refractory", "ms", 2, 0, 1e6, "for which the potential is held after a spike")};
  template <class T> struct State { T v, theta; };
  template <class T> struct Constants {
    T tau, capacitance, rest, reset, threshold, subtract, adaptation, adaptation_tau, refractory;
  };
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.v = (p.rest - x.v) / p.tau + in.soma / p.capacitance;
    slope.theta = -x.theta / p.adaptation_tau;
  }
  static auto threshold(const auto &x, const auto &p) { return p.threshold + x.theta; }
  static void reset(auto &x, const auto &p) {
    x.v = select(p.subtract > 0.5, x.v - (p.threshold - p.rest), p.reset);
    x.theta += p.adaptation;
  }
};
ENGRAM_DYNAMICS(LifAgain)
