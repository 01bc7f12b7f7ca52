// Each synapse keeps, in each trial, a trace of the product of its rates: e ← e − h e / τ + h r_i r_j, Δw = e.
#include <engram/rule.hpp>

struct Eligibility {
  static constexpr engram::About about{
      .name = "eligibility", .summary = "a decaying trace of the product of rates", .reference = "Izhikevich 2007"};
  static constexpr engram_parameter parameters[] = {{"tau", "ms", 20, 1e-3, 1e6, "memory of the trace", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {{ENGRAM_SYNAPSE, "trace", "", 0, 1, "eligibility"}};
  template <class T> static void synapses(engram::Synapses<T> &s) {
    const auto x = s.pre("rate"), y = s.post("rate");
    const auto change = s.change();
    const T h = static_cast<T>(s.now().step), tau = static_cast<T>(s.parameter("tau"));
    for (size_t b = 0; b < s.trials(); ++b) {
      const auto trace = s.state("trace", b);
      for (size_t j = 0; j < s.pres(); ++j)
        for (size_t i = 0; i < s.posts(); ++i) {
          trace(i, j) += h * (y(i, b) * x(j, b) - trace(i, j) / tau);
          if (s.now().plastic) change(i, j) += trace(i, j);
        }
    }
  }
};

ENGRAM_RULE(Eligibility)
