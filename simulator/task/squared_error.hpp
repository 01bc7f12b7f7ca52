// The squared error, which several objectives share: ½ Σ_i (r_i − y_i)².
#pragma once

#include "task/objective_entry.hpp"

namespace engram::task {

template <class T> struct SquaredError {
  // Entries of the target that are missing are left out.
  static T difference(const OneTrial<T> &t, std::size_t i) { return std::isnan(t.y[i]) ? T(0) : t.r[i] - t.y[i]; }

  static T loss(const Objective &, const OneTrial<T> &t) {
    T sum = 0;
    if (t.is_masked())
      for (std::size_t i = 0; i < t.n; ++i) sum += difference(t, i) * difference(t, i);
    else
      for (std::size_t i = 0; i < t.n; ++i) sum += (t.r[i] - t.y[i]) * (t.r[i] - t.y[i]);
    return sum / 2;
  }
  static void add_gradient(const Objective &, const OneTrial<T> &t, T scale, T *out) {
    if (t.is_masked())
      for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * difference(t, i);
    else
      for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * (t.r[i] - t.y[i]);
  }
  static void add_hessian_product(const Objective &, const OneTrial<T> &t, const T *v, T scale, T *out) {
    if (t.is_masked())
      for (std::size_t i = 0; i < t.n; ++i) out[i] += std::isnan(t.y[i]) ? T(0) : scale * v[i];
    else
      for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * v[i];
  }
  static void add_target_gradient(const Objective &, const OneTrial<T> &t, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] -= scale * (t.r[i] - t.y[i]);
  }
  static void add_target_hessian_product(const Objective &, const OneTrial<T> &t, const T *v, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) out[i] -= scale * v[i];
  }
};

} // namespace engram::task
