// This rule has a known bias and a known variance.
#include <engram/rule.hpp>

#include <cmath>

/// The gradient of a linear readout, turned by a known angle and with Gaussian noise of known size: pairs of
/// presynaptic rates are rotated by φ, and κ times the neuron's noise ξ is added to the error that it would have
/// without noise, e + ξ.
struct KnownFidelity {
  static constexpr engram::About about{
      .name = "known_fidelity",
      .summary = "a gradient with known bias and variance, for a test",
      .reference = "none",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"angle", "", 0, 0, 1.5, "phi", nullptr},
      {"noise", "", 1, 0, 1e6, "kappa", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error"), engram::post("noise")};
  template <class T> static void pre(engram::Side<T> &side) {
    const auto r = side.signal("rate");
    const T c = static_cast<T>(std::cos(side.parameter("angle"))),
            s = static_cast<T>(std::sin(side.parameter("angle")));
    side.factor(0).fill(
        [&](size_t j, size_t b) { return j % 2 == 0 ? c * r(j, b) - s * r(j + 1, b) : c * r(j, b) + s * r(j - 1, b); });
  }
  template <class T> static void post(engram::Side<T> &side) {
    const auto e = side.signal("error"), xi = side.signal("noise");
    const T scale = static_cast<T>(1 + side.parameter("noise"));
    side.factor(0).fill([&](size_t i, size_t b) { return e(i, b) + scale * xi(i, b); });
  }
};

ENGRAM_RULE(KnownFidelity)
