// A metaplastic synapse: a slow variable, kept from trial to trial, begins as the weight and draws it back. A second
// one begins anew, as the weight of then, in each trial. Δw = (slow − w) + 10 (began − w).
#include <engram/rule.hpp>

struct Metaplastic {
  static constexpr engram::About about{.name = "metaplastic", .summary = "slow variables", .reference = "test"};
  static constexpr engram_signal signals[] = {engram::pre("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_SYNAPSE, "other", "", 7, 0, "begins at a number"},
      {ENGRAM_SYNAPSE, "slow", "", 0, 0, "begins as the weight, once"},
      {ENGRAM_SYNAPSE, "began", "", 0, 1, "begins as the weight, in each trial"},
  };
  static constexpr const char *from_weight[] = {"slow", "began"};
  template <class T> static void synapses(engram::Synapses<T> &s) {
    const auto w = s.weights(),
               slow = engram::View<const T>{s.state("slow").data, s.posts(), s.pres(), s.weights().stride};
    const auto change = s.change();
    for (size_t b = 0; b < s.trials(); ++b) {
      const auto began = s.state("began", b), other = s.state("other");
      for (size_t j = 0; j < s.pres(); ++j)
        for (size_t i = 0; i < s.posts(); ++i)
          change(i, j) += (slow(i, j) - w(i, j)) + 10 * (began(i, j) - w(i, j)) + (other(i, j) - 7);
    }
  }
};
ENGRAM_RULE(Metaplastic)
