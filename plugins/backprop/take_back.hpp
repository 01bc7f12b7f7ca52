// TakesBack is what rules of an exact gradient do: it takes a trial back, from its last step to its first.
#pragma once

#include <engram/rule.hpp>

#include <algorithm>
#include <cmath>

struct TakesBack {
  static constexpr const char *memories[] = {"all", "sqrt", nullptr}; // of the parameter "memory", a rule's first
  static size_t keep_every(const double *values, size_t steps) {
    return values[0] < 0.5 ? 1 : std::max<size_t>(1, static_cast<size_t>(std::sqrt(static_cast<double>(steps))));
  }
  static void global(const engram::Network &network) {
    const double memory = network.parameter("memory");
    const size_t stretch = keep_every(&memory, network.steps());
    for (size_t first = (network.steps() - 1) / stretch * stretch, last = network.steps();; first -= stretch) {
      if (stretch > 1) network.replay(first, last);
      for (size_t step = last; step > first; --step) network.pull_back(step - 1);
      if (first == 0) break;
      last = first;
    }
  }
};
