// The threshold of this neuron is no number once w has grown beyond 0.9, which takes 0.9 ms.
#include <engram/dynamics.hpp>

struct NoThreshold {
  static constexpr engram::Neuron about{
      .name = "no_threshold", .summary = "spikes where v reaches sqrt(0.9 - w), for a test", .reference = "none"};
  static constexpr engram_variable states[] = {engram::state("v", "mV", 0, "the potential"),
                                               engram::state("w", "", 0, "a state that grows")};
  template <class T> struct State { T v, w; };
  static void derivative(const auto &x, const auto &, const auto &in, auto &slope) {
    slope.v = (in.soma - x.v) / 10;
    slope.w = 1 + 0 * x.w;
  }
  static auto threshold(const auto &x, const auto &) { return 20 * sqrt(0.9 - x.w); }
  static void reset(auto &x, const auto &) { x.v = 0; }
};
ENGRAM_DYNAMICS(NoThreshold)
