// e_ij ← e_ij + S(r_j (x_i − x̄_i)), Δw_ij = δ e_ij: a trace of what the synapse saw of its neuron's fluctuations, and
// the reward that comes at the end of the trial, less what is expected. x̄ is a fast running mean of the potential x.
// S is supralinear and keeps the sign: a perturbation, which is brief and large, leaves more in the trace than the
// slow return from it, of opposite sign and the same area, takes away. With a linear S the two cancel.
#include <engram/rule.hpp>

struct RewardHebbian {
  static constexpr engram::About about{
      .name = "reward_hebbian",
      .summary = "trace of supralinear presynaptic rate times postsynaptic fluctuation, and a delayed reward",
      .reference = "Miconi 2017, eLife 6:e20899",
      .delivery = ENGRAM_DELIVERY_SCALAR,
  };
  static constexpr const char *shapes[] = {"linear", "square", "cube", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"shape", "", 2, 0, 2, "S: x, x |x| or x^3", shapes},
      {"memory", "", 0.05, 0, 1, "share of the running mean of the potential that stays in each step", nullptr},
      {"limit", "", 1e9, 0, 1e9, "a trial changes a synapse by no more than this times the learning rate", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("potential")};
  static constexpr const char *modulators[] = {"reward_prediction_error"};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "rate_before", "", 0, 1, "rate of the step before: what has moved the potential since"},
      {ENGRAM_PRE, "rate_kept", "", 0, 1, "rate of this step, kept for the next"},
      {ENGRAM_POST, "mean", "", 0, 1, "running mean of the potential"},
      {ENGRAM_POST, "fluctuation", "", 0, 1, "potential less its running mean"},
      {ENGRAM_SYNAPSE, "trace", "", 0, 1, "eligibility trace"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto before = side.state("rate_before"), kept = side.state("rate_kept");
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t j = 0; j < side.neurons(); ++j) {
        before(j, b) = kept(j, b);
        kept(j, b) = rate(j, b);
      }
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    const auto x = side.signal("potential");
    const auto mean = side.state("mean"), fluctuation = side.state("fluctuation");
    const T keep = static_cast<T>(side.parameter("memory"));
    const bool begins = side.now().time == 0; // the mean begins at the first potential
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) {
        if (begins) mean(i, b) = x(i, b);
        fluctuation(i, b) = x(i, b) - mean(i, b);
        mean(i, b) = keep * mean(i, b) + (1 - keep) * x(i, b);
      }
  }
  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto before = tile.pre_state("rate_before"), fluctuation = tile.post_state("fluctuation");
    const auto delta = tile.modulator("reward_prediction_error");
    const auto change = tile.change();
    const int shape = static_cast<int>(tile.parameter("shape"));
    const T limit = static_cast<T>(tile.parameter("limit"));
    const bool rewarded = tile.now().plastic;
    const auto grow = [&](auto &&s) {
      for (size_t b = 0; b < tile.trials(); ++b) {
        const auto trace = tile.state("trace", b);
        for (size_t j = 0; j < tile.pres(); ++j) {
          const T rj = before(j, b);
          const T *f = &fluctuation(0, b);
          T *e = &trace(0, j);
          for (size_t i = 0; i < tile.posts(); ++i) e[i] += s(rj * f[i]);
          if (!rewarded) continue;
          const T d = delta(0, b);
          T *c = &change(0, j);
          for (size_t i = 0; i < tile.posts(); ++i) {
            const T wanted = d * e[i];
            c[i] += wanted > limit ? limit : wanted < -limit ? -limit : wanted;
          }
        }
      }
    };
    if (shape == 0)
      grow([](T x) { return x; });
    else if (shape == 1)
      grow([](T x) { return x < 0 ? -x * x : x * x; });
    else
      grow([](T x) { return x * x * x; });
  }
};

ENGRAM_RULE(RewardHebbian)
