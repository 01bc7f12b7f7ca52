// Δw_ij = f(δ) e_i r_j. e = φ'(u) ⊙ a: attention that flows back from the chosen output neuron, gated by the slope of
// the activation. Rewarded, δ = 1 − P with P the probability of the choice, and f(δ) = δ / (1 − δ); not rewarded,
// δ = −1 and f(δ) = −1. An unlikely choice that was rewarded changes much, which makes up for its being rare.
#include <engram/rule.hpp>

#include <algorithm>
#include <limits>

struct Agrel {
  static constexpr engram::About about{
      .name = "agrel",
      .summary = "attention-gated reinforcement learning: reward prediction error times attention from the choice",
      .reference = "Roelfsema & van Ooyen 2005, Neural Comput 17:2176-2214",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_ATTENTION,
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};
  static constexpr const char *modulators[] = {"reward", "reward_prediction_error"};

  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto error = side.signal("error");
    const auto reward = side.modulator("reward"), delta = side.modulator("reward_prediction_error");
    const auto f = [&](size_t b) {
      if (reward(0, b) <= 0) return T(-1);
      // 1 − δ is the probability of what was chosen: never 0, but 1 − (1 − P) may be.
      return delta(0, b) / std::max(1 - delta(0, b), std::numeric_limits<T>::epsilon());
    };
    side.factor(0).fill([&](size_t i, size_t b) { return f(b) * error(i, b); });
  }
};

ENGRAM_RULE(Agrel)
