// Two states that drive each other, with a readout of both: every part of the interface is used, and every function
// that numbers with derivatives have.
#include <engram/dynamics.hpp>

struct CoupledPair {
  static constexpr engram::Neuron about{.name = "coupled_pair",
                                        .summary =
                                            "tau x' = -x - c x^3 + y + I + k a, tau_y y' = tanh(x) - y / (1 + x^2)",
                                        .reference = "written for the tests of engram",
                                        .apical = true,
                                        .settles = true};
  static constexpr engram_variable states[] = {engram::state("x", "mV", 0.25, "fast"),
                                               engram::state_at("y", "", "start", "slow, begins at start + x / 10")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 4, 0.1, 1e3, "time constant of x"),
      engram::parameter("tau_y", "ms", 12, 0.1, 1e3, "time constant of y"),
      engram::parameter("cubic", "", 0.5, 0, 10, "strength of the cubic leak"),
      engram::parameter("coupling", "", 0.3, -5, 5, "of the apical compartment"),
      engram::parameter("start", "", 0.1, -5, 5, "of y")};
  template <class T> struct State { T x, y; };
  template <class T> struct Constants { T tau, tau_y, cubic, coupling, start, double_cubic; };
  static void prepare(auto &p) { p.double_cubic = 2 * p.cubic; }
  static void begin(auto &x, const auto &) { x.y += x.x / 10; }
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.x = (-x.x - 0.5 * p.double_cubic * x.x * x.x * x.x + 0.4 * x.y + in.soma + p.coupling * in.apical) / p.tau;
    slope.y = (tanh(x.x) - x.y / (1 + x.x * x.x)) / p.tau_y;
  }
  static auto rate(const auto &x, const auto &p) {
    return sigmoid(x.x) + 0.3 * softplus(x.y - p.cubic) + 0.1 * sqrt(1 + x.x * x.x) + 0.05 * max(x.x, x.y) +
           0.02 * exp(-abs(x.y)) + 0.03 * sin(x.x) * cos(x.y) + 0.01 * pow(2 + tanh(x.x), 1.5) +
           0.1 * log(3 + tanh(x.y));
  }
  static auto potential(const auto &x, const auto &) { return x.x - 0.5 * x.y; }
};
ENGRAM_DYNAMICS(CoupledPair)
