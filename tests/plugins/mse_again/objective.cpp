// The built-in mse, written as a plugin: tests compare the two.
#include <engram/objective.hpp>

struct MseAgain {
  static constexpr engram::Term about{.name = "mse_again", .summary = "half of the squared error", .reference = "none"};
  static auto neuron(const auto &x, const auto &y, const auto &) { return (x - y) * (x - y) / 2; }
};
ENGRAM_OBJECTIVE(MseAgain)
