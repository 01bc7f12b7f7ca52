// The built-in leaky_rate, written as a plugin: tests compare their bits, and a benchmark their time.
#include <engram/dynamics.hpp>

struct LeakyAgain {
  static constexpr engram::Neuron about{.name = "leaky_again",
                                        .summary = "tau u' = -u + I + apical_coupling a, rate = phi(u)",
                                        .reference = "Dayan & Abbott 2001, Theoretical Neuroscience, eq. 7.39",
                                        .integrator = "euler",
                                        .activation = "tanh",
                                        .apical = true,
                                        .linear = true};
  static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 10, 1e-6, 1e9, "membrane time constant"),
      engram::parameter("apical_coupling", "", 0, -1e9, 1e9, "how strongly the apical compartment drives the soma")};
  template <class T> struct State { T u; };
  template <class T> struct Constants { T tau, apical_coupling, per_tau; };
  static void prepare(auto &p) { p.per_tau = 1 / p.tau; }
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.u = (in.soma - x.u) * p.per_tau + p.apical_coupling * in.apical * p.per_tau;
  }
  static void steady(const auto &soma, const auto &, auto &x) { x.u = soma; }
};
ENGRAM_DYNAMICS(LeakyAgain)
