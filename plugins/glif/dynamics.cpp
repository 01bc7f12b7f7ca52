// A generalised leaky integrate-and-fire neuron (GLIF 4 of the Allen Institute): two currents and a threshold that
// spikes leave behind.
#include <engram/dynamics.hpp>

struct Glif {
  static constexpr engram::Neuron about{
      .name = "glif",
      .summary = "C v' = -leak (v - rest) + I + i1 + i2, ik' = -ik / tauk, theta' = -theta / tau_theta; v >= threshold "
                 "+ theta: "
                 "v = rest + keep (v - rest) + jump, ik = factork ik + amplitudek, theta += raise",
      .reference = "Teeter et al. 2018, Nat Commun 9:709; Mihalas & Niebur 2009, Neural Comput 21:704-718",
      .refractory = "refractory",
      .linear = true};
  static constexpr engram_variable states[] = {
      engram::state_at("v", "mV", "rest", "the potential"), engram::state("i1", "pA", 0, "fast after-spike current"),
      engram::state("i2", "pA", 0, "slow after-spike current"),
      engram::state("theta", "mV", 0, "by which spikes have raised the threshold")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("capacitance", "pF", 100, 1e-3, 1e9, "membrane capacitance"),
      engram::parameter("leak", "nS", 5, 1e-6, 1e9, "leak conductance"),
      engram::parameter("rest", "mV", -70, -1e3, 1e3, "resting potential"),
      engram::parameter("threshold", "mV", -45, -1e3, 1e3, "threshold of a neuron that has rested"),
      engram::parameter("keep", "", 0, -1, 1, "share of the distance from rest that a spike leaves"),
      engram::parameter("jump", "mV", 0, -1e3, 1e3, "added to the potential by a spike"),
      engram::parameter("tau1", "ms", 10, 0.01, 1e6, "time constant of i1"),
      engram::parameter("tau2", "ms", 200, 0.01, 1e6, "time constant of i2"),
      engram::parameter("amplitude1", "pA", -30, -1e6, 1e6, "added to i1 by a spike"),
      engram::parameter("amplitude2", "pA", -5, -1e6, 1e6, "added to i2 by a spike"),
      engram::parameter("factor1", "", 1, -1, 1, "share of i1 that a spike leaves"),
      engram::parameter("factor2", "", 1, -1, 1, "share of i2 that a spike leaves"),
      engram::parameter("raise", "mV", 1, 0, 1e3, "by which a spike raises the threshold"),
      engram::parameter("tau_theta", "ms", 50, 0.01, 1e6, "with which it comes back"),
      engram::parameter("refractory", "ms", 0, 0, 1e6, "for which the potential is held after a spike")};
  template <class T> struct State { T v, i1, i2, theta; };
  template <class T> struct Constants {
    T capacitance, leak, rest, threshold, keep, jump, tau1, tau2, amplitude1, amplitude2, factor1, factor2, raise,
        tau_theta, refractory;
  };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.v = (-p.leak * (x.v - p.rest) + in.soma + x.i1 + x.i2) / p.capacitance;
    slope.i1 = -x.i1 / p.tau1;
    slope.i2 = -x.i2 / p.tau2;
    slope.theta = -x.theta / p.tau_theta;
  }
  static auto threshold(const auto &x, const auto &p) { return p.threshold + x.theta; }
  static void reset(auto &x, const auto &p) {
    x.v = p.rest + p.keep * (x.v - p.rest) + p.jump;
    x.i1 = p.factor1 * x.i1 + p.amplitude1;
    x.i2 = p.factor2 * x.i2 + p.amplitude2;
    x.theta += p.raise;
  }
};
ENGRAM_DYNAMICS(Glif)
