// softplus is the smooth rectifier. The file is compiled with the vector forms of exp and log1p.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> struct Softplus {
  // log(1 + e^x) without overflow.
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    map(u, rate, [](T x) { return (x > 0 ? x : T(0)) + std::log1p(std::exp(x > 0 ? -x : x)); });
  }
  static void gain(const Activation &, const Matrix<T> &u, const Matrix<T> &, Matrix<T> &out) {
    map(u, out, [](T x) { return 1 / (1 + std::exp(-x)); });
  }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &slope,
                        Matrix<T> &out) {
    map(slope, out, [](T g) { return g * (1 - g); });
  }
};

} // namespace

ActivationEntry softplus_activation() {
  return {.words = {.name = "softplus", .help = "r = log(1 + exp(u))", .reference = "", .parameters = {}},
          .place = 50,
          .functions = activation_functions<Softplus>()};
}

} // namespace engram::dynamics
