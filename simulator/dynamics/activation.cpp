// This file is compiled with the vector forms of exp, tanh and so on (within 4 units in the last place).
#include "dynamics/vector_math.hpp" // first

#include "dynamics/divisive.hpp"
#include "error/error.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

Activation activation_of(const model::Typed &said) {
  using Kind = Activation::Kind;
  if (said.type == "relu") return {Kind::relu, 1, 0};
  if (said.type == "tanh") return {Kind::tanh, 1, 0};
  if (said.type == "sigmoid") return {Kind::sigmoid, said.number("slope"), said.number("threshold")};
  if (said.type == "softplus") return {Kind::softplus, 1, 0};
  if (said.type == "power_law") return {Kind::power_law, said.number("k"), said.number("n")};
  if (said.type == "softmax") return {Kind::softmax, 1, 0};
  if (said.type == "divisive_normalization")
    return {Kind::divisive_normalization, said.number("length"), said.number("semisaturation")};
  if (said.type == "linear" || said.type.empty()) return {}; // empty: of dynamics that have none
  throw Broken("no activation is made for the type '" + said.type + "'");
}

namespace {
// out[i] = f(in[i]); the loop that the compiler turns into vector code.
template <class T, class F> void map(const Matrix<T> &in, Matrix<T> &out, F f) {
  const T *x = in.memptr();
  T *y = out.memptr();
  const std::size_t count = in.n_elem;
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) y[i] = f(x[i]);
}
} // namespace

template <class T> void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
  const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
  switch (phi.kind) {
  case Activation::Kind::linear:
    std::copy_n(u.memptr(), u.n_elem, rate.memptr());
    return;
  case Activation::Kind::relu:
    map(u, rate, [](T x) { return x < 0 ? T(0) : x; });
    return; // keeps NaN
  case Activation::Kind::tanh:
    map(u, rate, [](T x) { return std::tanh(x); });
    return;
  case Activation::Kind::sigmoid:
    map(u, rate, [a, b](T x) { return 1 / (1 + std::exp(-a * (x - b))); });
    return;
  case Activation::Kind::softplus: // log(1 + e^x) without overflow
    map(u, rate, [](T x) { return (x > 0 ? x : T(0)) + std::log1p(std::exp(x > 0 ? -x : x)); });
    return;
  case Activation::Kind::power_law:
    if (b == 2)
      map(u, rate, [a](T x) { return x > 0 ? a * x * x : x * 0; }); // the usual exponent needs no pow
    else
      map(u, rate, [a, b](T x) { return x > 0 ? a * std::pow(x, b) : x * 0; });
    return;
  case Activation::Kind::softmax:
    for (std::size_t j = 0; j < u.n_cols; ++j) {
      const T *in = u.colptr(j);
      T *out = rate.colptr(j);
      const T top = *std::max_element(in, in + u.n_rows);
      T sum = 0;
      for (std::size_t i = 0; i < u.n_rows; ++i) sum += out[i] = std::exp(in[i] - top);
      for (std::size_t i = 0; i < u.n_rows; ++i) out[i] /= sum;
    }
    return;
  case Activation::Kind::divisive_normalization:
    divisive_rate(phi, u, rate);
    return;
  }
}

template <class T> void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, Matrix<T> &out) {
  const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
  switch (phi.kind) {
  case Activation::Kind::linear:
    out.ones();
    return;
  case Activation::Kind::relu:
    map(u, out, [](T x) { return x > 0 ? T(1) : T(0); });
    return;
  case Activation::Kind::tanh:
    map(rate, out, [](T r) { return 1 - r * r; });
    return;
  case Activation::Kind::sigmoid:
    map(rate, out, [a](T r) { return a * r * (1 - r); });
    return;
  case Activation::Kind::softplus:
    map(u, out, [](T x) { return 1 / (1 + std::exp(-x)); });
    return;
  case Activation::Kind::power_law:
    if (b == 2)
      map(u, out, [a](T x) { return x > 0 ? 2 * a * x : T(0); });
    else
      map(u, out, [a, b](T x) { return x > 0 ? a * b * std::pow(x, b - 1) : T(0); });
    return;
  case Activation::Kind::softmax:
    map(rate, out, [](T r) { return r * (1 - r); });
    return;
  case Activation::Kind::divisive_normalization:
    divisive_gain(phi, u, out);
    return;
  }
}

template <class T>
void curvature(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &slope,
               Matrix<T> &out) {
  const T a = static_cast<T>(phi.a), b = static_cast<T>(phi.b);
  switch (phi.kind) {
  case Activation::Kind::linear:
  case Activation::Kind::softmax:
  case Activation::Kind::divisive_normalization:
  case Activation::Kind::relu:
    out.zeros();
    return;
  case Activation::Kind::tanh:
    out = -2 * (rate % slope);
    return;
  case Activation::Kind::sigmoid:
    out = a * (slope % (1 - 2 * rate));
    return;
  case Activation::Kind::softplus:
    map(slope, out, [](T g) { return g * (1 - g); });
    return;
  case Activation::Kind::power_law:
    map(u, out, [a, b](T x) { return x > 0 ? a * b * (b - 1) * std::pow(x, b - 2) : T(0); });
    return;
  }
}

template <class T> void softmax_jacobian(const Matrix<T> &rate, const Matrix<T> &v, Matrix<T> &out) {
  for (std::size_t j = 0; j < rate.n_cols; ++j) {
    const T mean = arma::dot(rate.col(j), v.col(j));
    for (std::size_t i = 0; i < rate.n_rows; ++i) out.at(i, j) = rate.at(i, j) * (v.at(i, j) - mean);
  }
}

#define INSTANTIATE(T)                                                                                                 \
  template void activate(const Activation &, const Matrix<T> &, Matrix<T> &);                                          \
  template void gain(const Activation &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                           \
  template void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);   \
  template void softmax_jacobian(const Matrix<T> &, const Matrix<T> &, Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)

} // namespace engram::dynamics
