// Δw_ij = δ ψ_ij / σ²: what was added to the synapse for the length of a phase, if the reward came out above what was
// expected (δ > 0), and the opposite if below. Since E[δ ψ] = σ² ∂R/∂w to first order in σ, the mean change is the
// gradient of the reward. The synapse needs to know neither of its neurons.
#include <engram/rule.hpp>

struct WeightPerturbation {
  static constexpr engram::About about{
      .name = "weight_perturbation",
      .summary = "the synapse keeps of its own random change what raised the reward",
      .reference = "Werfel, Xie & Seung 2005, Neural Comput 17:2699-2718; Jabri & Flower 1992, IEEE Trans "
                   "Neural Netw 3:154-157",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_SCALAR,
      .perturbation = "sd",
  };
  static constexpr engram_parameter parameters[] = {
      {"sd", "", 0.01, 1e-9, 1e9, "sigma, the s.d. of what is added to each weight", nullptr},
  };
  static constexpr const char *modulators[] = {"reward_prediction_error"};

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto psi = tile.perturbation();
    if (psi.rows == 0) return; // a phase without noise
    const auto delta = tile.modulator("reward_prediction_error");
    const auto change = tile.change();
    T sum = 0; // all trials of a batch see the same weights
    for (size_t b = 0; b < tile.trials(); ++b) sum += delta(0, b);
    const double sd = tile.parameter("sd");
    const T scale = sum * static_cast<T>(1 / (sd * sd));
    for (size_t j = 0; j < tile.pres(); ++j)
      for (size_t i = 0; i < tile.posts(); ++i) change(i, j) += scale * psi(i, j);
  }
};

ENGRAM_RULE(WeightPerturbation)
