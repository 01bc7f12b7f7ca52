// This neuron remembers in a global how often it was asked.
#include <engram/dynamics.hpp>

struct BrokenNeuron {
  static constexpr engram::Neuron about{.name = "broken_neuron", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential")};
  template <class T> struct State { T u; };
  static inline int asked = 0;
  static void derivative(const auto &x, const auto &, const auto &in, auto &slope) {
    slope.u = in.soma - x.u + 0.001 * (++asked % 7);
  }
  static auto rate(const auto &x, const auto &) { return x.u; }
};
ENGRAM_DYNAMICS(BrokenNeuron)
