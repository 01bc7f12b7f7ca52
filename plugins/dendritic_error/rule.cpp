// Synapses of three-compartment neurons (dynamics `dendritic`). Onto a basal dendrite: Δw_ij = (φ(u_i) − φ(v̂_i)) r_j,
// until the basal dendrite predicts what its soma does. Onto an apical dendrite, from interneurons:
// Δw_ij = (v_rest − v_A,i) r_j, until they cancel what arrives there from above.
#include <engram/rule.hpp>

struct DendriticError {
  static constexpr const char *compartments[] = {"basal", "apical", nullptr};
  static constexpr engram::About about{
      .name = "dendritic_error",
      .summary = "presynaptic rate times the dendritic prediction error: of the soma by its basal dendrite, or of "
                 "the apical potential from rest",
      .reference = "Sacramento, Ponte Costa, Bengio & Senn 2018, NeurIPS 31:8721-8732, synaptic learning rules",
  };
  static constexpr engram_parameter parameters[] = {
      {"compartment", "", 0, 0, 1, "the dendrite that the synapses are on", compartments},
      {"rest", "", 0, -1e6, 1e6, "v_rest, the apical potential that apical synapses bring about", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error"), engram::post("apical")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    if (side.parameter("compartment") == 0) {
      side.factor(0) = side.signal("error");
      return;
    }
    const auto apical = side.signal("apical");
    const T rest = static_cast<T>(side.parameter("rest"));
    side.factor(0).fill([&](size_t i, size_t b) { return rest - apical(i, b); });
  }
};

ENGRAM_RULE(DendriticError)
