// This rule remembers in a global what it was given in an earlier call.
#include <engram/rule.hpp>

struct BrokenGlobal {
  static constexpr engram::About about{.name = "broken_global", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    static T earlier = 0;
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) - earlier; });
    earlier = rate(0, 0);
  }
};
ENGRAM_RULE(BrokenGlobal)
