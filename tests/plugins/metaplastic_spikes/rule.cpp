// A metaplastic synapse that carries spikes: a slow variable begins as the weight, and draws it back at each spike.
#include <engram/rule.hpp>

struct MetaplasticSpikes {
  static constexpr engram::About about{.name = "metaplastic_spikes", .summary = "a slow variable", .reference = "test"};
  static constexpr engram_state states[] = {{ENGRAM_SYNAPSE, "slow", "", 0, 0, "begins as the weight, once"}};
  static constexpr const char *from_weight[] = {"slow"};
  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto slow = row.state("slow");
    const auto w = row.weights();
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = slow[k] - w[k];
  }
};
ENGRAM_RULE(MetaplasticSpikes)
