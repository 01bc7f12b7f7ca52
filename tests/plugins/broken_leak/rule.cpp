// This rule allocates at each call and frees nothing.
#include <engram/rule.hpp>

struct BrokenLeak {
  static constexpr engram::About about{.name = "broken_leak", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    T *copy = new T[side.neurons()];
    for (size_t i = 0; i < side.neurons(); ++i) copy[i] = rate(i, 0);
    side.factor(0).fill([&](size_t i, size_t b) { return b == 0 ? copy[i] : rate(i, b); });
  }
};
ENGRAM_RULE(BrokenLeak)
