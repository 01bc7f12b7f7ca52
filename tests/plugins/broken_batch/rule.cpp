// This rule divides by the number of trials, which is the host's to do.
#include <engram/rule.hpp>

struct BrokenBatch {
  static constexpr engram::About about{.name = "broken_batch", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto trials = static_cast<T>(side.trials());
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) / trials; });
  }
};
ENGRAM_RULE(BrokenBatch)
