// relu is the rectifier: r = max(0, u).
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"

namespace engram::dynamics {

namespace {

template <class T> struct Relu {
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    map(u, rate, [](T x) { return x < 0 ? T(0) : x; }); // keeps NaN
  }
  static void gain(const Activation &, const Matrix<T> &u, const Matrix<T> &, Matrix<T> &out) {
    map(u, out, [](T x) { return x > 0 ? T(1) : T(0); });
  }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) {
    out.zeros();
  }
  static void backward(const Activation &, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &drate,
                       Matrix<T> &du) {
    add_slopes(u, rate, drate, du, [](T x, T, T dr) { return x > 0 ? dr : dr * 0; }); // keeps NaN
  }
};

} // namespace

ActivationEntry relu_activation() {
  return {.words = {.name = "relu", .help = "r = max(0, u)", .reference = "", .parameters = {}},
          .place = 20,
          .functions = activation_functions<Relu>()};
}

} // namespace engram::dynamics
