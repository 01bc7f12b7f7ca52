// This is Oja's rule written synapse by synapse. It must give what plugins/oja gives in factors.
#include <engram/rule.hpp>

struct OjaSynaptic {
  static constexpr engram::About about{.name = "oja_synaptic", .summary = "twin of oja", .reference = "Oja 1982"};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void synapses(engram::Synapses<T> &s) {
    const auto x = s.pre("rate"), y = s.post("rate");
    const auto w = s.weights();
    const auto change = s.change();
    for (size_t b = 0; b < s.trials(); ++b)
      for (size_t j = 0; j < s.pres(); ++j)
        for (size_t i = 0; i < s.posts(); ++i) change(i, j) += y(i, b) * (x(j, b) - y(i, b) * w(i, j));
  }
};
ENGRAM_RULE(OjaSynaptic)
