// divisive_normalization divides by the activity of the whole region: rate = L u / n, n = √(σ² + Σ u²) over the neurons
// of a trial, L = phi.a, σ = phi.b. Carandini & Heeger 2012, Nat Rev Neurosci 13:51-62: each neuron's drive is divided
// by that of the pool.
#include "dynamics/activation_entry.hpp"
#include "dynamics/words.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

using network::Signal;

// n of one trial.
template <class T> T pool(const Activation &phi, const T *u, std::size_t neurons) {
  T sum = static_cast<T>(phi.b * phi.b);
  for (std::size_t i = 0; i < neurons; ++i) sum += u[i] * u[i];
  return std::sqrt(sum);
}

template <class T> T dot(const T *x, const T *y, std::size_t count) {
  T sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += x[i] * y[i];
  return sum;
}

// du += the gradient of g · gain(u).
template <class T>
void divisive_gain_vjp(const Activation &phi, const Matrix<T> &u, const Matrix<T> &g, Matrix<T> &du) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b), *to = g.colptr(b);
    T *back = du.colptr(b);
    const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / (n * n);
    // With y = u / n: g · gain = L/n (Σ g − Σ g y²), whose derivative is L/n² (3 y Σ g y² − y Σ g − 2 g ⊙ y).
    T all = 0, squares = 0;
    for (std::size_t i = 0; i < u.n_rows; ++i) {
      const T y = x[i] / n;
      all += to[i];
      squares += to[i] * y * y;
    }
    for (std::size_t i = 0; i < u.n_rows; ++i) back[i] += scale * (x[i] / n) * (3 * squares - all - 2 * to[i]);
  }
}

// out = J v; J is symmetric.
template <class T>
void divisive_jacobian(const Activation &phi, const Matrix<T> &u, const Matrix<T> &v, Matrix<T> &out) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b), *in = v.colptr(b);
    T *to = out.colptr(b);
    const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / n, along = dot(x, in, u.n_rows) / n;
    for (std::size_t i = 0; i < u.n_rows; ++i) to[i] = scale * (in[i] - along * (x[i] / n));
  }
}

// du += the gradient of w · J(u) v.
template <class T>
void divisive_jacobian_vjp(const Activation &phi, const Matrix<T> &u, const Matrix<T> &v, const Matrix<T> &w,
                           Matrix<T> &du) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b), *one = v.colptr(b), *two = w.colptr(b);
    T *back = du.colptr(b);
    const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / (n * n);
    // With y = u / n: w · J v = L/n (w·v − (w·y)(v·y)).
    const T wv = dot(two, one, u.n_rows), wy = dot(two, x, u.n_rows) / n, vy = dot(one, x, u.n_rows) / n;
    for (std::size_t i = 0; i < u.n_rows; ++i)
      back[i] += scale * ((3 * wy * vy - wv) * (x[i] / n) - vy * two[i] - wy * one[i]);
  }
}

template <class T> struct DivisiveNormalization {
  static void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
    for (std::size_t b = 0; b < u.n_cols; ++b) {
      const T *x = u.colptr(b);
      T *r = rate.colptr(b);
      const T scale = static_cast<T>(phi.a) / pool(phi, x, u.n_rows);
      for (std::size_t i = 0; i < u.n_rows; ++i) r[i] = scale * x[i];
    }
  }
  // The diagonal of the Jacobian J = L/n (1 − u uᵀ/n²).
  static void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &, Matrix<T> &out) {
    for (std::size_t b = 0; b < u.n_cols; ++b) {
      const T *x = u.colptr(b);
      T *slope = out.colptr(b);
      const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / n;
      for (std::size_t i = 0; i < u.n_rows; ++i) slope[i] = scale * (1 - x[i] / n * (x[i] / n));
    }
  }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) {
    out.zeros();
  }
  static void error(const Activation &phi, network::RegionSignals<T> &s) {
    divisive_jacobian(phi, s[Signal::potential], s[Signal::apical], s[Signal::error]);
  }
  static void error_vjp(const Activation &phi, const network::RegionSignals<T> &s, network::RegionSignals<T> &d,
                        Scratch<T> &scratch) {
    const auto &e = d[Signal::error];
    const auto &u = s[Signal::potential];
    scratch[0].set_size(u.n_rows, u.n_cols);
    divisive_jacobian(phi, u, e, scratch[0]);
    d[Signal::apical] += scratch[0];
    divisive_jacobian_vjp(phi, u, s[Signal::apical], e, d[Signal::potential]);
  }
  static void rate_vjp(const Activation &phi, const Matrix<T> &u, const network::RegionSignals<T> &,
                       const network::RegionSignals<T> &d, bool gained, Matrix<T> &du, Scratch<T> &scratch) {
    scratch[0].set_size(u.n_rows, u.n_cols);
    divisive_jacobian(phi, u, d[Signal::rate], scratch[0]);
    du += scratch[0];
    if (gained) divisive_gain_vjp(phi, u, d[Signal::gain], du);
  }
};

} // namespace

ActivationEntry divisive_normalization_activation() {
  return {
      .words = {.name = "divisive_normalization",
                .help = "r_i = length u_i / sqrt(semisaturation^2 + sum_j u_j^2) within the region",
                .reference = "Carandini & Heeger 2012, Nat Rev Neurosci 13:51-62",
                .parameters = {positive("length", "", 1, "of the vector of rates where the input is strong"),
                               positive(
                                   "semisaturation", "", 1e-6,
                                   "length of the vector of inputs at which that of the rates is length / sqrt(2)")},
                .pooled = true},
      .place = 80,
      .functions = activation_functions<DivisiveNormalization>(),
      .reads_potential = true};
}

} // namespace engram::dynamics
