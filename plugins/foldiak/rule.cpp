// The three rules of Földiák's network, of outputs y = 1 where the rate is above 1/2 and 0 elsewhere:
//   feedforward  Δq_ij = y_i (x_j − q_ij)
//   lateral      Δw_ij = −(y_i y_j − p²)
//   threshold    Δt_i = y_i − p, on the bias b = −t
#include <engram/rule.hpp>

struct Foldiak {
  static constexpr engram::About about{
      .name = "foldiak",
      .summary = "Hebbian forward, anti-Hebbian lateral synapses and thresholds that form a sparse code",
      .reference = "Foldiak 1990, Biol Cybern 64:165-170",
      .factors = 2,
      .post_gain = true,
  };
  enum Variant { feedforward, lateral, threshold };
  static constexpr const char *variants[] = {"feedforward", "lateral", "threshold", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"variant", "", feedforward, 0, 2, "which of the three: of synapses from the input, of lateral ones, of the bias",
       variants},
      {"probability", "", 0.125, 0, 1, "p, how often a neuron is to be active (lateral, threshold)", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};

  template <class T> static Variant variant(const engram::Side<T> &side) {
    return static_cast<Variant>(static_cast<int>(side.parameter("variant")));
  }
  template <class T> static T active(T rate) { return rate > T(0.5) ? T(1) : T(0); }

  template <class T> static void pre(engram::Side<T> &side) {
    const auto rate = side.signal("rate"); // of the bias: 1
    if (variant(side) == lateral)
      side.factor(0).fill([&](size_t j, size_t b) { return active(rate(j, b)); });
    else
      side.factor(0) = rate;
    side.factor(1).fill([](size_t, size_t) { return 1; });
  }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto y = [&](size_t i, size_t b) { return active(rate(i, b)); };
    const T p = static_cast<T>(side.parameter("probability"));
    const Variant which = variant(side);
    // The two factors make sign · y_i · pre_j + rest · 1.
    const T sign = which == feedforward ? T(1) : T(-1);
    const T rest = which == lateral ? p * p : which == threshold ? p : T(0);
    side.factor(0).fill([&](size_t i, size_t b) { return sign * y(i, b); });
    side.factor(1).fill([&](size_t, size_t) { return rest; });
    if (which != feedforward) return;
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) side.gain(i) -= y(i, b);
  }
};

ENGRAM_RULE(Foldiak)
