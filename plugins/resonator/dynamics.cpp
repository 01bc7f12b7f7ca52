// A neuron that answers best to its own frequency: x' = (I − x) / tau − ω y, y' = ω x − y / tau.
#include <engram/dynamics.hpp>

struct Resonator {
  static constexpr engram::Neuron about{.name = "resonator",
                                        .summary =
                                            "x' = (I + apical_coupling a - x) / tau - omega y, y' = omega x - y / tau, "
                                            "omega = 2 pi frequency, rate = phi(x)",
                                        .reference = "Izhikevich 2001, Neural Netw 14:883-894, below threshold",
                                        .activation = "linear",
                                        .apical = true,
                                        .linear = true};
  static constexpr engram_variable states[] = {engram::state("x", "", 0, "the potential"),
                                               engram::state("y", "", 0, "a quarter of a period behind x")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("frequency", "Hz", 10, 0, 1e4, "of the oscillation"),
      engram::parameter("tau", "ms", 100, 0.01, 1e6, "time constant with which it dies out"),
      engram::parameter("apical_coupling", "", 0, -1e3, 1e3, "how strongly the apical compartment drives the soma")};
  template <class T> struct State { T x, y; };
  template <class T> struct Constants { T frequency, tau, apical_coupling, omega; };

  static void prepare(auto &p) { p.omega = 2 * 3.14159265358979323846 * p.frequency / 1000; } // 1/ms
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.x = (in.soma + p.apical_coupling * in.apical - x.x) / p.tau - p.omega * x.y;
    slope.y = p.omega * x.x - x.y / p.tau;
  }
  static void steady(const auto &soma, const auto &p, auto &x) {
    const auto turn = p.omega * p.tau;
    x.x = soma / (1 + turn * turn);
    x.y = turn * x.x;
  }
};
ENGRAM_DYNAMICS(Resonator)
