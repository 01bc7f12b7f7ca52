// This rule reports an error.
#include <engram/rule.hpp>

#include <stdexcept>

struct Complains {
  static constexpr engram::About about{.name = "complains", .summary = "reports an error", .reference = "test"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &) { throw std::runtime_error("the moon is in the wrong phase"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
};
ENGRAM_RULE(Complains)
