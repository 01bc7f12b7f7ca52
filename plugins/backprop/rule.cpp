// Δw = −∂L/∂w, exactly, through every step of the simulated trial: the reference that other rules are measured
// against. Not local: it runs the circuit backwards in time with its own weights.
#include <engram/rule.hpp>

#include <algorithm>
#include <cmath>

struct Backprop {
  static constexpr engram::About about{
      .name = "backprop",
      .summary = "exact gradient of the objective through the simulated trajectory (reference, not local)",
      .reference = "Rumelhart, Hinton & Williams 1986, Nature 323:533; checkpoints: Chen et al. 2016, arXiv:1604.06174",
      .moment = ENGRAM_END_OF_TRIAL,
      .delivery = ENGRAM_DELIVERY_NONE,
      .local = false,
  };
  static constexpr const char *memories[] = {"all", "sqrt", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"memory", "", 0, 0, 1,
       "all: the state of each step is kept. sqrt: every sqrt(T)-th is, and stretches between are simulated again",
       memories},
  };
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

ENGRAM_RULE(Backprop)
