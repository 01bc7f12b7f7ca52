// The synaptic form with a state of its own, and three factors: each synapse keeps an eligibility trace,
//   e_ij ← exp(−h / tau) e_ij + r_i r_j,   Δw_ij = dopamine · e_ij.
#include <engram/rule.hpp>

struct MyTrace {
  static constexpr engram::About about{.name = "my_trace",
                                       .summary = "what both neurons did lately, times dopamine",
                                       .reference = "Frémaux & Gerstner 2016, Front Neural Circuits 9:85"};
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e6, "time constant of the eligibility trace", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr const char *modulators[] = {"dopamine"};
  // Place, name, unit, value at the beginning, one value for each trial (1) or one for all (0), help.
  static constexpr engram_state states[] = {{ENGRAM_SYNAPSE, "eligibility", "", 0, 1, "trace of r_i r_j"}};

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto x = tile.pre("rate"), y = tile.post("rate"), dopamine = tile.modulator("dopamine");
    const auto change = tile.change();
    const T decay = static_cast<T>(std::exp(-tile.now().step / tile.parameter("tau")));
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto e = tile.state("eligibility", b);
      for (size_t j = 0; j < tile.pres(); ++j)
        for (size_t i = 0; i < tile.posts(); ++i) {
          e(i, j) = decay * e(i, j) + y(i, b) * x(j, b);
          change(i, j) += dopamine(0, b) * e(i, j); // a sum over the trials; the host divides by their number
        }
    }
  }
};
ENGRAM_RULE(MyTrace)
