// A rule that gives up when it is called, and says why.
#include <engram/rule.hpp>

struct ReportsError {
  static constexpr engram::About about{.name = "reports_error", .summary = "for a test", .reference = "none"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &) { throw std::runtime_error("out of neurotransmitter"); }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
};

ENGRAM_RULE(ReportsError)
