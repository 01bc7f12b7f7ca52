// cross_entropy is −Σ_i y_i log p_i with p = softmax(r), or p = r where the rates are probabilities already.
#include "task/objective_entry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::task {

namespace {

// log Σ exp(r), with the largest taken out.
template <class T> T log_sum_exp(const T *r, std::size_t n) {
  const T top = *std::max_element(r, r + n);
  T sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp(r[i] - top);
  return top + std::log(sum);
}

// A probability that has underflowed still has a finite logarithm and inverse.
template <class T> T above_zero(T p) { return std::max(p, std::numeric_limits<T>::min()); }

template <class T> struct CrossEntropy {
  static T loss(const Objective &objective, const OneTrial<T> &t) {
    const T *r = t.r, *y = t.y;
    T sum = 0;
    if (objective.probabilities) {
      for (std::size_t i = 0; i < t.n; ++i)
        if (y[i] != 0) sum -= y[i] * std::log(std::isnan(r[i]) ? r[i] : above_zero(r[i]));
    } else {
      const T whole = log_sum_exp(r, t.n);
      for (std::size_t i = 0; i < t.n; ++i) sum += y[i] * (whole - r[i]);
    }
    return sum;
  }
  static void add_gradient(const Objective &objective, const OneTrial<T> &t, T scale, T *out) {
    const T *r = t.r, *y = t.y;
    if (objective.probabilities) {
      for (std::size_t i = 0; i < t.n; ++i)
        if (y[i] != 0) out[i] -= scale * y[i] / (std::isnan(r[i]) ? r[i] : above_zero(r[i]));
    } else {
      const T whole = log_sum_exp(r, t.n);
      T mass = 0;
      for (std::size_t i = 0; i < t.n; ++i) mass += y[i];
      for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * (mass * std::exp(r[i] - whole) - y[i]);
    }
  }
  static void add_hessian_product(const Objective &objective, const OneTrial<T> &t, const T *v, T scale, T *out) {
    const T *r = t.r, *y = t.y;
    if (objective.probabilities) {
      for (std::size_t i = 0; i < t.n; ++i)
        if (y[i] != 0) out[i] += scale * y[i] / (above_zero(r[i]) * above_zero(r[i])) * v[i];
    } else {
      const T whole = log_sum_exp(r, t.n);
      T mass = 0, mean = 0;
      for (std::size_t i = 0; i < t.n; ++i) {
        mass += y[i];
        mean += std::exp(r[i] - whole) * v[i];
      }
      for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * mass * std::exp(r[i] - whole) * (v[i] - mean);
    }
  }
  // y is a signal: −log p_i, and of its gradient by r the part that follows y.
  static void add_target_gradient(const Objective &objective, const OneTrial<T> &t, T scale, T *out) {
    const T whole = objective.probabilities ? T(0) : log_sum_exp(t.r, t.n);
    for (std::size_t i = 0; i < t.n; ++i)
      out[i] -= scale * (objective.probabilities ? std::log(above_zero(t.r[i])) : t.r[i] - whole);
  }
  static void add_target_hessian_product(const Objective &objective, const OneTrial<T> &t, const T *v, T scale,
                                         T *out) {
    if (objective.probabilities) {
      for (std::size_t i = 0; i < t.n; ++i) out[i] -= scale * v[i] / above_zero(t.r[i]);
      return;
    }
    const T whole = log_sum_exp(t.r, t.n);
    T mean = 0;
    for (std::size_t i = 0; i < t.n; ++i) mean += std::exp(t.r[i] - whole) * v[i];
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * (mean - v[i]);
  }
};

} // namespace

ObjectiveEntry cross_entropy_objective() {
  return {.words = {.name = "cross_entropy",
                    .help = "-sum y log p with p = softmax(rates), or p = rates where the region's activation is "
                            "softmax",
                    .reference = "",
                    .parameters = {}},
          .place = 20,
          .functions = objective_functions<CrossEntropy>(),
          .takes_softmax = true};
}

} // namespace engram::task
