#include "objective/objective.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::objective {

Objective objective_of(const model::Model &model) {
  Objective o;
  if (model.objective.type == "cross_entropy") {
    o.kind = Kind::cross_entropy;
    o.probabilities = model.regions[model.objective.region].activation.type == "softmax";
  }
  o.strength = model.objective.strength;
  return o;
}

namespace {

// log Σ exp(r), with the largest taken out.
template <class T> T log_sum_exp(const T *r, std::size_t n) {
  const T top = *std::max_element(r, r + n);
  T sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp(r[i] - top);
  return top + std::log(sum);
}

// A probability that has underflowed still has a finite logarithm and inverse.
template <class T> T positive(T p) { return std::max(p, std::numeric_limits<T>::min()); }

} // namespace

template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) {
  const std::size_t n = rate.n_rows;
  for (std::size_t b = 0; b < rate.n_cols; ++b) {
    const T *r = rate.colptr(b), *y = target.colptr(b);
    T sum = 0;
    if (objective.kind == Kind::mse) {
      for (std::size_t i = 0; i < n; ++i) sum += (r[i] - y[i]) * (r[i] - y[i]);
      sum /= 2;
    } else if (objective.probabilities) {
      for (std::size_t i = 0; i < n; ++i)
        if (y[i] != 0) sum -= y[i] * std::log(std::isnan(r[i]) ? r[i] : positive(r[i]));
    } else {
      const T whole = log_sum_exp(r, n);
      for (std::size_t i = 0; i < n; ++i) sum += y[i] * (whole - r[i]);
    }
    out[b] = sum;
  }
}

template <class T>
void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale, Matrix<T> &out) {
  const std::size_t n = rate.n_rows;
  for (std::size_t b = 0; b < rate.n_cols; ++b) {
    const T *r = rate.colptr(b), *y = target.colptr(b);
    T *g = out.colptr(b);
    if (objective.kind == Kind::mse) {
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * (r[i] - y[i]);
    } else if (objective.probabilities) {
      for (std::size_t i = 0; i < n; ++i)
        if (y[i] != 0) g[i] -= scale * y[i] / (std::isnan(r[i]) ? r[i] : positive(r[i]));
    } else {
      const T whole = log_sum_exp(r, n);
      T mass = 0;
      for (std::size_t i = 0; i < n; ++i) mass += y[i];
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * (mass * std::exp(r[i] - whole) - y[i]);
    }
  }
}

template <class T>
void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, const Matrix<T> &v,
                         T scale, Matrix<T> &out) {
  const std::size_t n = rate.n_rows;
  for (std::size_t b = 0; b < rate.n_cols; ++b) {
    const T *r = rate.colptr(b), *y = target.colptr(b), *x = v.colptr(b);
    T *g = out.colptr(b);
    if (objective.kind == Kind::mse) {
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * x[i];
    } else if (objective.probabilities) {
      for (std::size_t i = 0; i < n; ++i)
        if (y[i] != 0) g[i] += scale * y[i] / (positive(r[i]) * positive(r[i])) * x[i];
    } else {
      const T whole = log_sum_exp(r, n);
      T mass = 0, mean = 0;
      for (std::size_t i = 0; i < n; ++i) {
        mass += y[i];
        mean += std::exp(r[i] - whole) * x[i];
      }
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * mass * std::exp(r[i] - whole) * (x[i] - mean);
    }
  }
}

void describe(model::Vocabulary &vocabulary) {
  vocabulary.objectives = {
      {"mse", "half of the squared distance between rates and targets, mean over trials", "", {}},
      {"cross_entropy",
       "-sum y log p with p = softmax(rates), or p = rates where the region's activation is softmax",
       "",
       {}},
  };
}

#define INSTANTIATE(T)                                                                                                 \
  template void loss(const Objective &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                            \
  template void add_gradient(const Objective &, const Matrix<T> &, const Matrix<T> &, T, Matrix<T> &);                 \
  template void add_hessian_product(const Objective &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, T,     \
                                    Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)

} // namespace engram::objective
