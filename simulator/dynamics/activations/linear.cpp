// linear is the identity: r = u.
#include "dynamics/activation_entry.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

template <class T> struct Linear {
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    std::copy_n(u.memptr(), u.n_elem, rate.memptr());
  }
  static void gain(const Activation &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) { out.ones(); }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) {
    out.zeros();
  }
  static void backward(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &drate,
                       Matrix<T> &du) {
    du += drate;
  }
};

} // namespace

ActivationEntry linear_activation() {
  return {.words =
              {.name = "linear", .help = "r = u", .reference = "", .parameters = {}, .rates = model::Rates::potentials},
          .place = 10,
          .functions = activation_functions<Linear>()};
}

} // namespace engram::dynamics
