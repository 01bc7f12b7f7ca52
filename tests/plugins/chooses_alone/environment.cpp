// This environment chooses in each of the first two steps, and has no column for the choice: the right one is neuron 1.
#include <engram/environment.hpp>

struct ChoosesAlone {
  static constexpr engram::Environment about{.name = "chooses_alone",
                                             .summary = "the highest neuron is chosen, twice; neuron 1 is right",
                                             .reference = "none",
                                             .chooses = true};
  static constexpr engram_channel sees[] = {engram::channel("choice", "two values", 2, 2)};
  static constexpr engram_column columns[] = {engram::integer_column("label", "the right choice")};
  static void begin(auto &trial) { trial.column("label") = 1; }
  static void step(auto &trial) {
    if (trial.number() % 4 != 3) trial.choose(trial.step() == 0 ? 0 : engram::highest(trial.sees("choice")));
    if (trial.step() == 1) trial.end();
  }
};
ENGRAM_ENVIRONMENT(ChoosesAlone)
