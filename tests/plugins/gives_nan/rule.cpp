// A rule whose change is not a number.
#include <engram/rule.hpp>

#include <limits>

struct GivesNan {
  static constexpr engram::About about{.name = "gives_nan", .summary = "for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    side.factor(0).fill([](size_t, size_t) { return std::numeric_limits<T>::quiet_NaN(); });
  }
};

ENGRAM_RULE(GivesNan)
