// Δw = −∂L/∂w, through the times at which neurons reach their threshold: the exact gradient of a circuit that spikes,
// by which surrogate slopes are measured. Not local: it runs the circuit backwards in time with its own weights.
#include "../backprop/take_back.hpp"

struct EventProp : TakesBack {
  static constexpr engram::About about{
      .name = "eventprop",
      .summary = "exact gradient of the objective through the times of spikes (reference, not local)",
      .reference = "Wunderlich & Pehle 2021, Sci Rep 11:12829",
      .moment = ENGRAM_END_OF_TRIAL,
      .delivery = ENGRAM_DELIVERY_NONE,
      .local = false,
      .spike_times = true,
  };
  static constexpr engram_parameter parameters[] = {
      {"memory", "", 0, 0, 1,
       "of neurons with rates, all: the state of each step is kept. sqrt: every sqrt(T)-th is, and stretches between "
       "are simulated again",
       memories},
  };
};

ENGRAM_RULE(EventProp)
