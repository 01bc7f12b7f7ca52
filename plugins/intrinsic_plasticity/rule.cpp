// Of a neuron y = 1 / (1 + exp(−(a x + b))), with x its total input:
//   Δa = 1/a + x − (2 + 1/μ) x y + x y²/μ
//   Δb = 1 − (2 + 1/μ) y + y²/μ
// The gain a is the weight of the one synapse by which x arrives, b the bias. The steps go down the Kullback-Leibler
// divergence between the distribution of y and the exponential one of mean μ.
#include <engram/rule.hpp>

struct IntrinsicPlasticity {
  static constexpr engram::About about{
      .name = "intrinsic_plasticity",
      .summary = "gain and bias of a sigmoid neuron that make its rates exponentially distributed",
      .reference = "Triesch 2005, ICANN, LNCS 3696:65-70",
  };
  static constexpr const char *variants[] = {"gain", "bias", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"variant", "", 0, 0, 1, "gain: of a one_to_one projection; bias: of the neuron's bias", variants},
      {"mean", "", 0.1, 1e-3, 1, "mu, mean of the exponential distribution", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto x = tile.pre("rate"), y = tile.post("rate");
    const auto w = tile.weights();
    const auto change = tile.change();
    const bool of_gain = tile.parameter("variant") < 0.5;
    const T mean = static_cast<T>(tile.parameter("mean"));
    for (size_t j = 0; j < tile.pres(); ++j) {
      for (size_t i = 0; i < tile.posts(); ++i) {
        if (of_gain && w(i, j) == 0) continue; // no synapse
        T sum = of_gain ? static_cast<T>(tile.trials()) / w(i, j) : T(0);
        for (size_t b = 0; b < tile.trials(); ++b)
          sum += x(j, b) * (1 - (2 + 1 / mean) * y(i, b) + y(i, b) * y(i, b) / mean);
        change(i, j) += sum;
      }
    }
  }
};

ENGRAM_RULE(IntrinsicPlasticity)
