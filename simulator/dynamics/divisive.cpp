#include "dynamics/divisive.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {
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
} // namespace

template <class T> void divisive_rate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b);
    T *r = rate.colptr(b);
    const T scale = static_cast<T>(phi.a) / pool(phi, x, u.n_rows);
    for (std::size_t i = 0; i < u.n_rows; ++i) r[i] = scale * x[i];
  }
}

template <class T> void divisive_gain(const Activation &phi, const Matrix<T> &u, Matrix<T> &out) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b);
    T *slope = out.colptr(b);
    const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / n;
    for (std::size_t i = 0; i < u.n_rows; ++i) slope[i] = scale * (1 - x[i] / n * (x[i] / n));
  }
}

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

template <class T>
void divisive_jacobian(const Activation &phi, const Matrix<T> &u, const Matrix<T> &v, Matrix<T> &out) {
  for (std::size_t b = 0; b < u.n_cols; ++b) {
    const T *x = u.colptr(b), *in = v.colptr(b);
    T *to = out.colptr(b);
    const T n = pool(phi, x, u.n_rows), scale = static_cast<T>(phi.a) / n, along = dot(x, in, u.n_rows) / n;
    for (std::size_t i = 0; i < u.n_rows; ++i) to[i] = scale * (in[i] - along * (x[i] / n));
  }
}

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

#define INSTANTIATE(T)                                                                                                 \
  template void divisive_rate(const Activation &, const Matrix<T> &, Matrix<T> &);                                     \
  template void divisive_gain(const Activation &, const Matrix<T> &, Matrix<T> &);                                     \
  template void divisive_gain_vjp(const Activation &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);              \
  template void divisive_jacobian(const Activation &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);              \
  template void divisive_jacobian_vjp(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &,     \
                                      Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)

} // namespace engram::dynamics
