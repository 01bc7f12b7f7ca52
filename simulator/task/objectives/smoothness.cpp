// A signal is not to move: ½ Σ_i ((r_i(t) − r_i(t − h)) / h)², h the time step.
#include "task/squared_error.hpp"

namespace engram::task {

namespace {

template <class T> struct Smoothness {
  using Square = SquaredError<T>;
  static T per(const Objective &o) { return static_cast<T>(1 / (o.step * o.step)); }
  static T loss(const Objective &o, const OneTrial<T> &t) { return per(o) * Square::loss(o, t); }
  static void add_gradient(const Objective &o, const OneTrial<T> &t, T scale, T *out) {
    Square::add_gradient(o, t, scale * per(o), out);
  }
  static void add_hessian_product(const Objective &o, const OneTrial<T> &t, const T *v, T scale, T *out) {
    Square::add_hessian_product(o, t, v, scale * per(o), out);
  }
  static void add_target_gradient(const Objective &o, const OneTrial<T> &t, T scale, T *out) {
    Square::add_target_gradient(o, t, scale * per(o), out);
  }
  static void add_target_hessian_product(const Objective &o, const OneTrial<T> &t, const T *v, T scale, T *out) {
    Square::add_target_hessian_product(o, t, v, scale * per(o), out);
  }
};

} // namespace

ObjectiveEntry smoothness_objective() {
  return {.words = {.name = "smoothness",
                    .help = "half of the squared speed of a signal (per ms), summed over the neurons",
                    .reference = "",
                    .parameters = {},
                    .compared = model::Compared::before},
          .place = 110,
          .functions = objective_functions<Smoothness>()};
}

} // namespace engram::task
