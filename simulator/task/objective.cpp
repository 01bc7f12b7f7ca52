#include "task/objective.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::task {

Objective objective_of(const model::Model &model) {
  Objective o;
  if (model.objective.type == "cross_entropy") {
    o.kind = ObjectiveKind::cross_entropy;
    o.probabilities = model.regions[model.objective.region].activation.type == "softmax";
  }
  if (model.objective.type == "choice_reward") {
    o.kind = ObjectiveKind::choice_reward;
    o.temperature = model.objective.parameters.at("temperature").a;
    o.exploration = model.objective.parameters.at("exploration").a;
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

// p_i = exp(r_i / T) / Σ_j exp(r_j / T), given where it is wanted.
template <class T> struct Softmax {
  const T *r;
  T top, sum = 0, per_temperature;
  Softmax(const T *rate, std::size_t n, double temperature)
      : r(rate), top(*std::max_element(rate, rate + n)), per_temperature(static_cast<T>(1 / temperature)) {
    for (std::size_t i = 0; i < n; ++i) sum += std::exp((r[i] - top) * per_temperature);
  }
  T operator[](std::size_t i) const { return std::exp((r[i] - top) * per_temperature) / sum; }
};

// A probability that has underflowed still has a finite logarithm and inverse.
template <class T> T positive(T p) { return std::max(p, std::numeric_limits<T>::min()); }

} // namespace

template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) {
  const std::size_t n = rate.n_rows;
  for (std::size_t b = 0; b < rate.n_cols; ++b) {
    const T *r = rate.colptr(b), *y = target.colptr(b);
    T sum = 0;
    if (objective.kind == ObjectiveKind::mse) {
      for (std::size_t i = 0; i < n; ++i) sum += (r[i] - y[i]) * (r[i] - y[i]);
      sum /= 2;
    } else if (objective.kind == ObjectiveKind::choice_reward) {
      const Softmax<T> p(r, n, objective.temperature);
      for (std::size_t i = 0; i < n; ++i) sum -= p[i] * y[i];
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
    if (objective.kind == ObjectiveKind::mse) {
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * (r[i] - y[i]);
    } else if (objective.kind == ObjectiveKind::choice_reward) {
      const Softmax<T> p(r, n, objective.temperature);
      T mean = 0;
      for (std::size_t i = 0; i < n; ++i) mean += p[i] * y[i];
      for (std::size_t i = 0; i < n; ++i) g[i] -= scale * p.per_temperature * p[i] * (y[i] - mean);
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
    if (objective.kind == ObjectiveKind::mse) {
      for (std::size_t i = 0; i < n; ++i) g[i] += scale * x[i];
    } else if (objective.kind == ObjectiveKind::choice_reward) {
      const Softmax<T> p(r, n, objective.temperature);
      T mean = 0, px = 0, pyx = 0;
      for (std::size_t i = 0; i < n; ++i) mean += p[i] * y[i];
      for (std::size_t i = 0; i < n; ++i) {
        px += p[i] * x[i];
        pyx += p[i] * (y[i] - mean) * x[i];
      }
      const T square = p.per_temperature * p.per_temperature;
      for (std::size_t i = 0; i < n; ++i) g[i] -= scale * square * p[i] * ((y[i] - mean) * (x[i] - px) - pyx);
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

void add_objective_words(model::Vocabulary &vocabulary) {
  const auto number = [](const char *name, double initial, double high, const char *help, bool above) {
    model::Parameter p;
    p.name = name;
    p.initial = initial;
    p.minimum = 0;
    p.maximum = high;
    p.above_minimum = above;
    p.help = help;
    return p;
  };
  vocabulary.objectives = {
      {"mse", "half of the squared distance between rates and targets, mean over trials", "", {}},
      {"cross_entropy",
       "-sum y log p with p = softmax(rates), or p = rates where the region's activation is softmax",
       "",
       {}},
      {"choice_reward",
       "a neuron of the region is chosen, and reward is its target (1 at the label, 0 elsewhere): in training by the "
       "softmax of the rates, in tests the highest rate. Loss: minus the expected reward",
       "Roelfsema & van Ooyen 2005, Neural Comput 17:2176-2214",
       {number("temperature", 1, std::numeric_limits<double>::infinity(), "of the softmax by which is chosen", true),
        number("exploration", 1, 1, "share of the trials in which the choice is drawn; in others the highest rate",
               false)}},
  };
}

#define INSTANTIATE(T)                                                                                                 \
  template void loss(const Objective &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                            \
  template void add_gradient(const Objective &, const Matrix<T> &, const Matrix<T> &, T, Matrix<T> &);                 \
  template void add_hessian_product(const Objective &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, T,     \
                                    Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::task
