// This term remembers in a global how often it was asked.
#include <engram/objective.hpp>

struct BrokenTerm {
  static constexpr engram::Term about{.name = "broken_term", .summary = "broken, for a test", .reference = "none"};
  static inline int asked = 0;
  static auto neuron(const auto &x, const auto &y, const auto &) { return x * y + 0.001 * (++asked % 7); }
};
ENGRAM_OBJECTIVE(BrokenTerm)
