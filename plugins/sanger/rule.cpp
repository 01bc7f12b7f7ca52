// Δw_ij = r_i (r_j − Σ_{k≤i} w_kj r_k): Oja's rule on what the neurons before, and the neuron itself, leave of the
// input unexplained. The synapse onto neuron i must know the weights of neurons k < i: not local.
#include <engram/rule.hpp>

struct Sanger {
  static constexpr engram::About about{
      .name = "sanger",
      .summary = "generalised Hebbian algorithm: the principal components of the input, in order",
      .reference = "Sanger 1989, Neural Netw 2:459-473",
      .local = false,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto x = tile.pre("rate"), y = tile.post("rate");
    const auto w = tile.weights();
    const auto change = tile.change();
    for (size_t b = 0; b < tile.trials(); ++b) {
      for (size_t j = 0; j < tile.pres(); ++j) {
        T left = x(j, b); // of the input, after neurons 0 … i have taken their share
        for (size_t i = 0; i < tile.posts(); ++i) {
          left -= w(i, j) * y(i, b);
          change(i, j) += y(i, b) * left;
        }
      }
    }
  }
};

ENGRAM_RULE(Sanger)
