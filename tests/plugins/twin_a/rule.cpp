// This rule has a struct of the same name as its twin: two rules that new-rule wrote do.
#include <engram/rule.hpp>

struct Rule {
  static constexpr engram::About about{.name = "twin_a", .summary = "for a test", .reference = "none"};
  static constexpr engram_parameter parameters[] = {{"gain", "", 1, -10, 10, "a number", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
};
ENGRAM_RULE(Rule)
