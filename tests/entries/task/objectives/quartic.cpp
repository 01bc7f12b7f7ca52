// quartic is a quarter of the fourth power of the error: ¼ Σ_i (r_i − y_i)⁴.
#include "task/objective_entry.hpp"

namespace engram::task {

namespace {

template <class T> struct QuarticError {
  static T square(const OneTrial<T> &t, std::size_t i) { return (t.r[i] - t.y[i]) * (t.r[i] - t.y[i]); }
  static T loss(const Objective &, const OneTrial<T> &t) {
    T sum = 0;
    for (std::size_t i = 0; i < t.n; ++i) sum += square(t, i) * square(t, i);
    return sum / 4;
  }
  static void add_gradient(const Objective &, const OneTrial<T> &t, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * square(t, i) * (t.r[i] - t.y[i]);
  }
  static void add_hessian_product(const Objective &, const OneTrial<T> &t, const T *v, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * 3 * square(t, i) * v[i];
  }
};

} // namespace

ObjectiveEntry quartic_objective() {
  return {.words = {.name = "quartic",
                    .help = "a quarter of the fourth power of the error, mean over trials",
                    .reference = "written for the tests",
                    .parameters = {}},
          .functions = objective_functions<QuarticError>()};
}

} // namespace engram::task
