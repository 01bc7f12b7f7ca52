// sigmoid is the logistic function. The file is compiled with the vector form of exp.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"
#include "dynamics/words.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> struct Sigmoid {
  static void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
    const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
    map(u, rate, [a, b](T x) { return 1 / (1 + std::exp(-a * (x - b))); });
  }
  static void gain(const Activation &phi, const Matrix<T> &, const Matrix<T> &rate, Matrix<T> &out) {
    const T a = static_cast<T>(phi.a);
    map(rate, out, [a](T r) { return a * r * (1 - r); });
  }
  static void curvature(const Activation &phi, const Matrix<T> &, const Matrix<T> &rate, const Matrix<T> &slope,
                        Matrix<T> &out) {
    const T a = static_cast<T>(phi.a);
    out = a * (slope % (1 - 2 * rate));
  }
  static void backward(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &drate,
                       Matrix<T> &du) {
    const T a = static_cast<T>(phi.a);
    add_slopes(u, rate, drate, du, [a](T, T r, T dr) { return a * r * (1 - r) * dr; });
  }
};

} // namespace

ActivationEntry sigmoid_activation() {
  return {.words = {.name = "sigmoid",
                    .help = "r = 1 / (1 + exp(-slope (u - threshold)))",
                    .reference = "",
                    .parameters = {positive("slope", "", 1, "slope"),
                                   number("threshold", "", 0, "input at half of the maximum")}},
          .place = 40,
          .functions = activation_functions<Sigmoid>()};
}

} // namespace engram::dynamics
