// The quadratic integrate-and-fire neuron: tau v' = a (v − rest) (v − critical) + I / leak.
#include <engram/dynamics.hpp>

struct QuadraticIntegrateFire {
  static constexpr engram::Neuron about{
      .name = "quadratic_integrate_fire",
      .summary = "tau v' = sharpness (v - rest) (v - critical) + I / leak; v >= peak: v = reset",
      .reference =
          "Ermentrout & Kopell 1986, SIAM J Appl Math 46:233-253; Latham et al. 2000, J Neurophysiol 83:808-827",
      .refractory = "refractory"};
  static constexpr engram_variable states[] = {engram::state_at("v", "mV", "rest", "the potential")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 10, 0.01, 1e6, "membrane time constant"),
      engram::parameter("leak", "nS", 10, 1e-3, 1e6, "conductance that turns a current into mV"),
      engram::parameter("sharpness", "1/mV", 0.1, 1e-4, 1e3, "of the parabola"),
      engram::parameter("rest", "mV", -65, -1e3, 1e3, "where it rests without a current"),
      engram::parameter("critical", "mV", -50, -1e3, 1e3, "beyond which it spikes without a current"),
      engram::parameter("reset", "mV", -70, -1e3, 1e3, "potential after a spike"),
      engram::parameter("peak", "mV", 30, -1e3, 1e3, "potential at which the spike is over"),
      engram::parameter("refractory", "ms", 0, 0, 1e6, "for which the potential is held after a spike")};
  template <class T> struct State { T v; };
  template <class T> struct Constants { T tau, leak, sharpness, rest, critical, reset, peak, refractory; };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.v = (p.sharpness * (x.v - p.rest) * (x.v - p.critical) + in.soma / p.leak) / p.tau;
  }
  static auto threshold(const auto &, const auto &p) { return p.peak; }
  static void reset(auto &x, const auto &p) { x.v = p.reset; }
};
ENGRAM_DYNAMICS(QuadraticIntegrateFire)
