// This rule follows a null pointer.
#include <engram/rule.hpp>

struct BrokenCrash {
  static constexpr engram::About about{.name = "broken_crash", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const volatile T *nothing = nullptr;
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) + nothing[i]; });
  }
};
ENGRAM_RULE(BrokenCrash)
