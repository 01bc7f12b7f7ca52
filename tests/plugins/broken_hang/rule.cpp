// This rule never returns when a rate is above a half.
#include <engram/rule.hpp>

struct BrokenHang {
  static constexpr engram::About about{.name = "broken_hang", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    volatile bool wait = rate(0, 0) > T(0.5) || side.trials() > 1;
    while (wait) {
    }
    side.factor(0) = rate;
  }
};
ENGRAM_RULE(BrokenHang)
