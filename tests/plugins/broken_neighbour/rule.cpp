// This rule reads the rate of the next neuron through a pointer that strays, but stays within the signal.
#include <engram/rule.hpp>

struct BrokenNeighbour {
  static constexpr engram::About about{
      .name = "broken_neighbour", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    side.factor(0).fill([&](size_t i, size_t b) {
      const T *mine = &rate(i, b);
      return i + 1 < side.neurons() ? mine[0] + T(0.01) * mine[1] : mine[0];
    });
  }
};
ENGRAM_RULE(BrokenNeighbour)
