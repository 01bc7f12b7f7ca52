// An Activation is the function φ by which a potential becomes a rate, with its parameters.
#pragma once

#include "model/model.hpp"
#include "numeric/matrix.hpp"

namespace engram::dynamics {

template <class T> using Matrix = numeric::Matrix<T>;

struct ActivationEntry;

struct Activation {
  const ActivationEntry *entry = nullptr; ///< its functions
  double a = 1, b = 0;                    ///< its first and second parameter
};

/// Errors: Broken where no entry has the name, which the checks of the model exclude.
Activation activation_of(const model::Typed &activation);

/// rate = φ(u), N × B.
template <class T> void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate);
/// gain = φ'(u), given rate = φ(u). For those across neurons: the diagonal of the Jacobian.
template <class T> void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, Matrix<T> &out);
/// φ''(u), given rate and gain. Of those across neurons: 0, and not to be used.
template <class T>
void curvature(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &gain, Matrix<T> &out);

} // namespace engram::dynamics
