// Δw_ij = r_i r_j − α r_i² w_ij: Hebb's product, and a decay that only the postsynaptic rate sets. With α = 1 the
// weights of a linear neuron grow to unit length along the first principal component of its input.
#include <engram/rule.hpp>

struct Oja {
  static constexpr engram::About about{
      .name = "oja",
      .summary = "Hebbian product with the decay that keeps the weights of a neuron at unit length",
      .reference = "Oja 1982, J Math Biol 15:267-273, eq. 3",
      .post_gain = true,
  };
  static constexpr engram_parameter parameters[] = {
      {"alpha", "", 1, 0, 1e6, "strength of the decay; the squared length of the weights becomes 1 / alpha", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    side.factor(0) = rate;
    const T alpha = static_cast<T>(side.parameter("alpha"));
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) side.gain(i) -= alpha * rate(i, b) * rate(i, b);
  }
};

ENGRAM_RULE(Oja)
