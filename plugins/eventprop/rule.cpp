// Δw = −∂L/∂w, through the times at which neurons reach their threshold: the exact gradient of a circuit that spikes,
// by which surrogate slopes are measured. Not local: it runs the circuit backwards in time with its own weights.
#include <engram/rule.hpp>

#include <algorithm>
#include <cmath>

struct EventProp {
  static constexpr engram::About about{
      .name = "eventprop",
      .summary = "exact gradient of the objective through the times of spikes (reference, not local)",
      .reference = "Wunderlich & Pehle 2021, Sci Rep 11:12829",
      .moment = ENGRAM_END_OF_TRIAL,
      .delivery = ENGRAM_DELIVERY_NONE,
      .local = false,
      .spike_times = true,
  };
  static constexpr const char *memories[] = {"all", "sqrt", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"memory", "", 0, 0, 1,
       "of neurons with rates, all: the state of each step is kept. sqrt: every sqrt(T)-th is, and stretches between "
       "are "
       "simulated again",
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

ENGRAM_RULE(EventProp)
