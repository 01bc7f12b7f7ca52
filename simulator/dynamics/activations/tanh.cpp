// tanh is the hyperbolic tangent. The file is compiled with its vector form.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> struct Tanh {
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    map(u, rate, [](T x) { return std::tanh(x); });
  }
  static void gain(const Activation &, const Matrix<T> &, const Matrix<T> &rate, Matrix<T> &out) {
    map(rate, out, [](T r) { return 1 - r * r; });
  }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &rate, const Matrix<T> &slope,
                        Matrix<T> &out) {
    out = -2 * (rate % slope);
  }
  static void backward(const Activation &, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &drate,
                       Matrix<T> &du) {
    add_slopes(u, rate, drate, du, [](T, T r, T dr) { return (1 - r * r) * dr; });
  }
};

} // namespace

ActivationEntry tanh_activation() {
  return {.words = {.name = "tanh", .help = "r = tanh(u)", .reference = "", .parameters = {}},
          .place = 30,
          .functions = activation_functions<Tanh>()};
}

} // namespace engram::dynamics
