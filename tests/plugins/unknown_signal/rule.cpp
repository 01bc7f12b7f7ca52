// This rule reads a signal that no region offers.
#include <engram/rule.hpp>

struct UnknownSignal {
  static constexpr engram::About about{.name = "unknown_signal", .summary = "for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("eror")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("eror"); }
};
ENGRAM_RULE(UnknownSignal)
