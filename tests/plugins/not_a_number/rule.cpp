// This rule gives a change that is not a number at the 50th call.
#include <engram/rule.hpp>

#include <limits>

struct NotANumber {
  static constexpr engram::About about{.name = "not_a_number", .summary = "fails late", .reference = "test"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {{ENGRAM_POST, "calls", "", 0, 0, "so far"}};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const T calls = side.state("calls")(0) += 1;
    side.factor(0).fill([&](size_t, size_t) { return calls < 50 ? T(0.01) : std::numeric_limits<T>::quiet_NaN(); });
  }
};
ENGRAM_RULE(NotANumber)
