// Divisive normalization is an activation across the neurons of a region.
#pragma once

#include "dynamics/activation.hpp"

namespace engram::dynamics {

/// rate = L u / n, n = √(σ² + Σ u²) over the neurons of a trial; L = phi.a, σ = phi.b. All matrices are N × B.
/// Carandini & Heeger 2012, Nat Rev Neurosci 13:51-62: each neuron's drive is divided by that of the whole pool.
template <class T> void divisive_rate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate);
/// out = the diagonal of the Jacobian J = L/n (1 − u uᵀ/n²).
template <class T> void divisive_gain(const Activation &phi, const Matrix<T> &u, Matrix<T> &out);
/// du += the gradient of g · gain(u).
template <class T> void divisive_gain_vjp(const Activation &phi, const Matrix<T> &u, const Matrix<T> &g, Matrix<T> &du);
/// out = J v; J is symmetric.
template <class T>
void divisive_jacobian(const Activation &phi, const Matrix<T> &u, const Matrix<T> &v, Matrix<T> &out);
/// du += the gradient of w · J(u) v.
template <class T>
void divisive_jacobian_vjp(const Activation &phi, const Matrix<T> &u, const Matrix<T> &v, const Matrix<T> &w,
                           Matrix<T> &du);

} // namespace engram::dynamics
