// soft_sign saturates as a power of its input, where tanh does exponentially.
#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> struct SoftSign {
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    map(u, rate, [](T x) { return x / (1 + std::abs(x)); });
  }
  static void gain(const Activation &, const Matrix<T> &u, const Matrix<T> &, Matrix<T> &out) {
    map(u, out, [](T x) { return 1 / ((1 + std::abs(x)) * (1 + std::abs(x))); });
  }
  static void curvature(const Activation &, const Matrix<T> &u, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) {
    map(u, out, [](T x) { return std::copysign(T(-2), x) / std::pow(1 + std::abs(x), T(3)); });
  }
};

} // namespace

ActivationEntry soft_sign_activation() {
  return {.words = {.name = "soft_sign",
                    .help = "r = u / (1 + |u|)",
                    .reference = "written for the tests",
                    .parameters = {}},
          .functions = activation_functions<SoftSign>()};
}

} // namespace engram::dynamics
