// The cubic of Nagumo, whose potential relaxes slowly at rest, and forty times as fast where a current takes it.
#include <engram/dynamics.hpp>

struct Cubic {
  static constexpr engram::Neuron about{.name = "cubic",
                                        .summary = "v' = v (v - a) (1 - v) - w + I, w' = (b v - w) / tau",
                                        .reference = "Nagumo, Arimoto & Yoshizawa 1962, Proc IRE 50:2061-2070"};
  static constexpr engram_variable states[] = {engram::state("v", "", 0, "the potential"),
                                               engram::state("w", "", 0, "recovery")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("a", "", 0.1, 0, 1, "where the cubic crosses 0"),
      engram::parameter("b", "", 0.5, 0, 100, "recovery at a potential of 1"),
      engram::parameter("tau", "ms", 100, 0.01, 1e6, "time constant of the recovery")};
  template <class T> struct State { T v, w; };
  template <class T> struct Constants { T a, b, tau; };
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.v = x.v * (x.v - p.a) * (1 - x.v) - x.w + in.soma;
    slope.w = (p.b * x.v - x.w) / p.tau;
  }
  static auto rate(const auto &x, const auto &) { return max(x.v, 0.0); }
};
ENGRAM_DYNAMICS(Cubic)
