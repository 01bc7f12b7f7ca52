// This rule keeps an eligibility trace for each synapse and trial, and one-sided traces: e' = decay e + post pre, Δw =
// reward e.
#include <engram/rule.hpp>

struct Trace {
  static constexpr engram::About about{.name = "trace", .summary = "eligibility trace", .reference = "test"};
  static constexpr engram_parameter parameters[] = {{"decay", "", 0.8, 0, 1, "of the trace in a step", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr const char *modulators[] = {"reward"};
  static constexpr engram_state states[] = {
      {ENGRAM_SYNAPSE, "eligibility", "", 0, 1, "by synapse and trial"},
      {ENGRAM_PRE, "sum", "", 0, 1, "sum of the presynaptic rate over the trial"},
  };
  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto sum = side.state("sum");
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t j = 0; j < side.neurons(); ++j) sum(j, b) += rate(j, b);
  }
  template <class T> static void synapses(engram::Synapses<T> &s) {
    const auto x = s.pre("rate"), y = s.post("rate"), reward = s.modulator("reward");
    const auto sum = s.pre_state("sum");
    const auto change = s.change();
    const T decay = static_cast<T>(s.parameter("decay"));
    for (size_t b = 0; b < s.trials(); ++b) {
      const auto e = s.state("eligibility", b);
      for (size_t j = 0; j < s.pres(); ++j)
        for (size_t i = 0; i < s.posts(); ++i) {
          e(i, j) = decay * e(i, j) + y(i, b) * x(j, b);
          change(i, j) += reward(0, b) * (e(i, j) + sum(j, b));
        }
    }
  }
};
ENGRAM_RULE(Trace)
