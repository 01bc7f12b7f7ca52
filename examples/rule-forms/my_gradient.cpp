// The global form: a reference, never local. Δw = −∂L/∂w through all steps of the trial, the last step first.
#include <engram/rule.hpp>

struct MyGradient {
  static constexpr engram::About about{.name = "my_gradient",
                                       .summary = "the exact gradient, with the state of each step kept",
                                       .reference = "Rumelhart, Hinton & Williams 1986, Nature 323:533",
                                       .moment = ENGRAM_END_OF_TRIAL};

  static void global(const engram::Network &network) {
    for (size_t step = network.steps(); step > 0; --step) network.pull_back(step - 1);
  }
};
ENGRAM_RULE(MyGradient)
