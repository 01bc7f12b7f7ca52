// Δw_ij = (r_i − m_i) (r_j − m_j), where m is the neuron's own running mean: τ m' = r − m.
#include <engram/rule.hpp>

#include <cmath>

struct Covariance {
  static constexpr engram::About about{
      .name = "covariance",
      .summary = "product of the deviations of the two rates from their running means",
      .reference = "Sejnowski 1977, J Math Biol 4:303-321",
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 1000, 1e-6, 1e12, "time constant of the running means", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_mean", "", 0, 0, "running mean of the presynaptic rate"},
      {ENGRAM_POST, "post_mean", "", 0, 0, "running mean of the postsynaptic rate"},
  };
  template <class T> static void deviate(engram::Side<T> &side, engram::View<T> mean) {
    const auto rate = side.signal("rate");
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) - mean(i); });
    const T share = static_cast<T>(-std::expm1(-side.now().step / side.parameter("tau")));
    for (size_t i = 0; i < side.neurons(); ++i) {
      T sum = 0;
      for (size_t b = 0; b < side.trials(); ++b) sum += rate(i, b);
      mean(i) += share * (sum / static_cast<T>(side.trials()) - mean(i));
    }
  }
  template <class T> static void pre(engram::Side<T> &side) { deviate(side, side.state("pre_mean")); }
  template <class T> static void post(engram::Side<T> &side) { deviate(side, side.state("post_mean")); }
};

ENGRAM_RULE(Covariance)
