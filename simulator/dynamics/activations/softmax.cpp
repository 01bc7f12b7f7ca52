// softmax shares a sum of 1 among the neurons of a trial. The file is compiled with the vector form of exp.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/activation_entry.hpp"
#include "dynamics/activation_map.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

namespace {

using network::Signal;

// out = Jᵀ v, J the Jacobian at rate: r ⊙ (v − Σ r v), trial by trial.
template <class T> void softmax_jacobian(const Matrix<T> &rate, const Matrix<T> &v, Matrix<T> &out) {
  for (std::size_t j = 0; j < rate.n_cols; ++j) {
    const T mean = arma::dot(rate.col(j), v.col(j));
    for (std::size_t i = 0; i < rate.n_rows; ++i) out.at(i, j) = rate.at(i, j) * (v.at(i, j) - mean);
  }
}

template <class T> struct Softmax {
  static void activate(const Activation &, const Matrix<T> &u, Matrix<T> &rate) {
    for (std::size_t j = 0; j < u.n_cols; ++j) {
      const T *in = u.colptr(j);
      T *out = rate.colptr(j);
      const T top = *std::max_element(in, in + u.n_rows);
      T sum = 0;
      for (std::size_t i = 0; i < u.n_rows; ++i) sum += out[i] = std::exp(in[i] - top);
      for (std::size_t i = 0; i < u.n_rows; ++i) out[i] /= sum;
    }
  }
  static void gain(const Activation &, const Matrix<T> &, const Matrix<T> &rate, Matrix<T> &out) {
    map(rate, out, [](T r) { return r * (1 - r); });
  }
  static void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &out) {
    out.zeros();
  }
  static void error(const Activation &, network::RegionSignals<T> &s) {
    softmax_jacobian(s[Signal::rate], s[Signal::apical], s[Signal::error]);
  }
  // error = J(r) a with J = diag(r) − r rᵀ, symmetric.
  static void error_vjp(const Activation &, const network::RegionSignals<T> &s, network::RegionSignals<T> &d,
                        Scratch<T> &scratch) {
    const auto &e = d[Signal::error];
    const auto &r = s[Signal::rate];
    const auto &a = s[Signal::apical];
    scratch[0].set_size(r.n_rows, r.n_cols);
    softmax_jacobian(r, e, scratch[0]);
    d[Signal::apical] += scratch[0];
    for (std::size_t b = 0; b < r.n_cols; ++b) {
      const T ra = arma::dot(r.col(b), a.col(b)), re = arma::dot(r.col(b), e.col(b));
      d[Signal::rate].col(b) += e.col(b) % a.col(b) - ra * e.col(b) - re * a.col(b);
    }
  }
  static void rate_vjp(const Activation &, const Matrix<T> &, const network::RegionSignals<T> &s,
                       const network::RegionSignals<T> &d, bool gained, Matrix<T> &du, Scratch<T> &scratch) {
    const auto &r = s[Signal::rate];
    auto &[product, rates] = scratch;
    rates = d[Signal::rate];
    if (gained) rates += (1 - 2 * r) % d[Signal::gain];
    product.set_size(r.n_rows, r.n_cols);
    softmax_jacobian(r, rates, product);
    du += product;
  }
};

} // namespace

ActivationEntry softmax_activation() {
  return {.words = {.name = "softmax",
                    .help = "r_i = exp(u_i) / sum_j exp(u_j) within the region",
                    .reference = "",
                    .parameters = {},
                    .pooled = true,
                    .rates = model::Rates::probabilities},
          .place = 70,
          .functions = activation_functions<Softmax>()};
}

} // namespace engram::dynamics
