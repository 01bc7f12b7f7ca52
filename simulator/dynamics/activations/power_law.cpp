// power_law is a rectified power. The file is compiled with the vector form of pow.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"
#include "dynamics/words.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> struct PowerLaw {
  static void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
    const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
    if (b == 2)
      map(u, rate, [a](T x) { return x > 0 ? a * x * x : x * 0; }); // the usual exponent needs no pow
    else
      map(u, rate, [a, b](T x) { return x > 0 ? a * std::pow(x, b) : x * 0; });
  }
  static void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &, Matrix<T> &out) {
    const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
    if (b == 2)
      map(u, out, [a](T x) { return x > 0 ? 2 * a * x : T(0); });
    else
      map(u, out, [a, b](T x) { return x > 0 ? a * b * std::pow(x, b - 1) : T(0); });
  }
  static void curvature(const Activation &phi, const Matrix<T> &u, const Matrix<T> &, const Matrix<T> &,
                        Matrix<T> &out) {
    const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
    map(u, out, [a, b](T x) { return x > 0 ? a * b * (b - 1) * std::pow(x, b - 2) : T(0); });
  }
};

} // namespace

ActivationEntry power_law_activation() {
  return {.words = {.name = "power_law",
                    .help = "r = k max(0, u)^n",
                    .reference = "",
                    .parameters = {positive("k", "", 0.04, "factor"), positive("n", "", 2, "exponent")}},
          .place = 60,
          .functions = activation_functions<PowerLaw>()};
}

} // namespace engram::dynamics
