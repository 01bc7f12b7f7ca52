// This term has no derivative where the error is 0 (sqrt), or no value where it is negative (log).
#include <engram/objective.hpp>

struct NoValue {
  static constexpr engram::Term about{.name = "no_value", .summary = "|e|, or log e, for a test", .reference = "none"};
  static constexpr engram_parameter parameters[] = {engram::parameter("log", "", 0, 0, 1, "1: log e")};
  template <class T> struct Constants { T log; };
  static auto neuron(const auto &x, const auto &y, const auto &p) {
    const auto error = x - y;
    if (p.log == 1) return log(error);
    return sqrt(error * error);
  }
};
ENGRAM_OBJECTIVE(NoValue)
