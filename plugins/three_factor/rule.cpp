#include <cmath>
#include <engram/rule.hpp>

/// A three-factor rule in its plainest form: a synapse keeps an eligibility trace of what its two neurons did together,
/// and a third factor M, which is broadcast to all synapses, turns the trace into a change of the weight.
///   de_ij/dt = −e_ij / τ + (r_i − post_baseline) (r_j − pre_baseline),   Δw_ij = M e_ij
/// (Gerstner, Lehmann, Liakoni, Corneil & Brea 2018, Front Neural Circuits 12:53, eqs. 2 and 3). A step is exact for
/// rates that stay as they are during it. M may come long after the two neurons were active.
struct ThreeFactor {
  static constexpr engram::About about{
      .name = "three_factor",
      .summary = "an eligibility trace of pre and post, times a modulator",
      .reference = "Gerstner, Lehmann, Liakoni, Corneil & Brea 2018, Front Neural Circuits 12:53",
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 200, 1e-3, 1e9, "time constant of the eligibility trace", nullptr},
      {"pre_baseline", "", 0, -1e9, 1e9, "presynaptic rate that leaves no trace", nullptr},
      {"post_baseline", "", 0, -1e9, 1e9, "postsynaptic rate that leaves no trace", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr const char *modulators[] = {"modulator"};
  static constexpr engram_state states[] = {{ENGRAM_SYNAPSE, "eligibility", "", 0, 1, "e, by synapse and trial"}};

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto x = tile.pre("rate"), y = tile.post("rate"), modulator = tile.modulator("modulator");
    const auto change = tile.change();
    const double tau = tile.parameter("tau");
    const T decay = static_cast<T>(std::exp(-tile.now().step / tau));
    const T gather = static_cast<T>(-tau * std::expm1(-tile.now().step / tau)); // ∫ exp(−s / τ) ds over a step, ms
    const T low_x = static_cast<T>(tile.parameter("pre_baseline"));
    const T low_y = static_cast<T>(tile.parameter("post_baseline"));
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto e = tile.state("eligibility", b);
      const T m = modulator(0, b);
      for (size_t j = 0; j < tile.pres(); ++j) {
        const T pre = gather * (x(j, b) - low_x);
        for (size_t i = 0; i < tile.posts(); ++i) {
          e(i, j) = decay * e(i, j) + pre * (y(i, b) - low_y);
          change(i, j) += m * e(i, j); // a sum over the trials; the host divides by their number
        }
      }
    }
  }
};

ENGRAM_RULE(ThreeFactor)
