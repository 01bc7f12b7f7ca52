// This rule treats a neuron by its place among the others.
#include <engram/rule.hpp>

struct BrokenOrder {
  static constexpr engram::About about{.name = "broken_order", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    side.factor(0).fill([&](size_t i, size_t b) { return i == 3 ? 2 * rate(i, b) : rate(i, b); });
  }
};
ENGRAM_RULE(BrokenOrder)
