// Δw_ij = γ^−d (r̂_i r̂_j − ř_i ř_j): rates at the end of the phase in which the output is clamped (hat) less those of
// the free phase (check). In layer k of L with feedback weights γ Wᵀ, d = L − k (Xie & Seung 2003).
#include <engram/rule.hpp>

#include <cmath>

struct ContrastiveHebbian {
  static constexpr engram::About about{
      .name = "contrastive_hebbian",
      .summary = "product of rates with the output clamped less that with the output free",
      .reference = "Movellan 1991, Connectionist Models Summer School, 10-17; Xie & Seung 2003, Neural Comput "
                   "15:441-454",
      .moment = ENGRAM_END_OF_PHASE,
      .delivery = ENGRAM_DELIVERY_CLAMP,
      .factors = 2,
  };
  static constexpr engram_parameter parameters[] = {
      {"gamma", "", 1, 1e-6, 1e6, "gain of the feedback weights over the transposed forward weights", nullptr},
      {"depth", "", 0, 0, 1000, "projections between the postsynaptic region and the output: 0 onto the output itself",
       nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_before", "", 0, 1, "presynaptic rate at the end of the phase before"},
      {ENGRAM_POST, "post_before", "", 0, 1, "postsynaptic rate at the end of the phase before"},
      {ENGRAM_POST, "clamped_before", "", 0, 1, "1: the output was clamped in the phase before"},
  };
  template <class T> static void pre(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto before = side.state("pre_before");
    side.factor(0) = rate;
    side.factor(1).fill([&](size_t j, size_t b) { return before(j, b); });
    engram::copy(rate, before);
  }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto before = side.state("post_before"), clamped_before = side.state("clamped_before");
    const T clamped = side.now().objective != 0 ? T(1) : T(0);
    const T scale = static_cast<T>(std::pow(side.parameter("gamma"), -side.parameter("depth")));
    // 1 from free to clamped, −1 from clamped to free, 0 where nothing is contrasted.
    const auto contrast = [&](size_t i, size_t b) {
      return side.now().phase == 0 ? T(0) : scale * (clamped - clamped_before(i, b));
    };
    side.factor(0).fill([&](size_t i, size_t b) { return contrast(i, b) * rate(i, b); });
    side.factor(1).fill([&](size_t i, size_t b) { return -contrast(i, b) * before(i, b); });
    engram::copy(rate, before);
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) clamped_before(i, b) = clamped;
  }
};

ENGRAM_RULE(ContrastiveHebbian)
