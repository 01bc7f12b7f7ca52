// These are the activation functions φ, with their first and second derivatives.
#pragma once

#include "model/model.hpp"
#include "numeric/matrix.hpp"

namespace engram::dynamics {

template <class T> using Matrix = numeric::Matrix<T>;

struct Activation {
  enum class Kind { linear, relu, tanh, sigmoid, softplus, power_law, softmax, divisive_normalization };
  Kind kind = Kind::linear;
  double a = 1; ///< sigmoid: slope; power_law: k; divisive_normalization: length
  double b = 0; ///< sigmoid: threshold; power_law: n; divisive_normalization: semisaturation
};

Activation activation_of(const model::Typed &said);

/// rate = φ(u), N × B. Softmax and divisive normalization are over the neurons of a trial.
template <class T> void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate);
/// gain = φ'(u), given rate = φ(u). For those across neurons: the diagonal of the Jacobian, of softmax r (1 − r).
template <class T> void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, Matrix<T> &out);
/// φ''(u), given rate and gain. Elementwise activations only.
template <class T>
void curvature(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &gain, Matrix<T> &out);
/// out = Jᵀ v, J the Jacobian of softmax at rate: r ⊙ (v − Σ r v), trial by trial.
template <class T> void softmax_jacobian(const Matrix<T> &rate, const Matrix<T> &v, Matrix<T> &out);

} // namespace engram::dynamics
