// Δw = −∂L/∂w, exactly, through every step of the simulated trial: the reference that other rules are measured
// against. Not local: it runs the circuit backwards in time with its own weights.
#include "take_back.hpp"

struct Backprop : TakesBack {
  static constexpr engram::About about{
      .name = "backprop",
      .summary = "exact gradient of the objective through the simulated trajectory (reference, not local)",
      .reference = "Rumelhart, Hinton & Williams 1986, Nature 323:533; checkpoints: Chen et al. 2016, arXiv:1604.06174",
      .moment = ENGRAM_END_OF_TRIAL,
      .delivery = ENGRAM_DELIVERY_NONE,
      .local = false,
  };
  static constexpr engram_parameter parameters[] = {
      {"memory", "", 0, 0, 1,
       "all: the state of each step is kept. sqrt: every sqrt(T)-th is, and stretches between are simulated again",
       memories},
  };
};

ENGRAM_RULE(Backprop)
