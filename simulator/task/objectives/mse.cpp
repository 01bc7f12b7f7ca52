// mse is half the squared error: ½ Σ_i (r_i − y_i)².
#include "task/objective_entry.hpp"

namespace engram::task {

namespace {

template <class T> struct SquaredError {
  static T loss(const Objective &, const OneTrial<T> &t) {
    T sum = 0;
    for (std::size_t i = 0; i < t.n; ++i) sum += (t.r[i] - t.y[i]) * (t.r[i] - t.y[i]);
    return sum / 2;
  }
  static void add_gradient(const Objective &, const OneTrial<T> &t, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * (t.r[i] - t.y[i]);
  }
  static void add_hessian_product(const Objective &, const OneTrial<T> &t, const T *v, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * v[i];
  }
};

} // namespace

ObjectiveEntry mse_objective() {
  return {.words = {.name = "mse",
                    .help = "half of the squared distance between rates and targets, mean over trials",
                    .reference = "",
                    .parameters = {}},
          .place = 10,
          .functions = objective_functions<SquaredError>()};
}

} // namespace engram::task
