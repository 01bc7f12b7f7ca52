// This neuron says that its slopes are linear, and they are not.
#include <engram/dynamics.hpp>

struct NotLinear {
  static constexpr engram::Neuron about{
      .name = "not_linear", .summary = "v' = I - v^2 / 100, for a test", .reference = "none", .linear = true};
  static constexpr engram_variable states[] = {engram::state("v", "mV", 0, "the potential")};
  template <class T> struct State { T v; };
  static void derivative(const auto &x, const auto &, const auto &in, auto &slope) {
    slope.v = in.soma - x.v * x.v / 100;
  }
  static auto threshold(const auto &, const auto &) { return 20; }
  static void reset(auto &x, const auto &) { x.v = 0; }
};
ENGRAM_DYNAMICS(NotLinear)
