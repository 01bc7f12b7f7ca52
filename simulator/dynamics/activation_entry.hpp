// An entry is all that the simulator knows of one activation function: its words, and its functions.
#pragma once

#include "dynamics/activation.hpp"
#include "model/vocabulary.hpp"
#include "network/signals.hpp"
#include "numeric/in_both.hpp"

#include <array>
#include <vector>

namespace engram::dynamics {

/// Matrices that a function may write to, so that no step allocates.
template <class T> using Scratch = std::array<Matrix<T>, 2>;

/// The functions of an activation. All matrices are N × B. activate(), gain() and curvature() of activation.hpp say
/// what the first three give.
template <class T> struct ActivationFunctions {
  using Signals = network::RegionSignals<T>;
  void (*activate)(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) = nullptr;
  void (*gain)(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, Matrix<T> &out) = nullptr;
  void (*curvature)(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &gain,
                    Matrix<T> &out) = nullptr;
  /// du += φ'(u) ⊙ drate without a matrix of slopes in between. null: the slopes are computed.
  void (*backward)(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &drate,
                   Matrix<T> &du) = nullptr;

  // Of one across neurons (words.pooled), whose Jacobian J is a matrix for each trial; null for the others.
  /// error = J apical
  void (*error)(const Activation &phi, Signals &s) = nullptr;
  /// The reverse of error().
  void (*error_vjp)(const Activation &phi, const Signals &s, Signals &d, Scratch<T> &scratch) = nullptr;
  /// du += Jᵀ drate, and by way of gain, where `gained`: was it computed?
  void (*rate_vjp)(const Activation &phi, const Matrix<T> &u, const Signals &s, const Signals &d, bool gained,
                   Matrix<T> &du, Scratch<T> &scratch) = nullptr;
};

/// One activation. activations/NAME.cpp defines `ActivationEntry NAME_activation()`, and CMake makes the list of these
/// files.
struct ActivationEntry {
  model::Named words; ///< at most two parameters: `a` and `b` of Activation
  int place = 1000;   ///< lists show entries by place, and those of one place by name
  numeric::InBoth<ActivationFunctions> functions{};
  bool reads_potential = false; ///< does its error() read the potential?
};

/// Those that engram comes with.
const std::vector<ActivationEntry> &activation_entries();

/// The functions of `Phi<T>`, a class of static functions with the names of ActivationFunctions; those that may be
/// null may be absent.
template <template <class> class Phi, class T> ActivationFunctions<T> activation_functions() {
  ActivationFunctions<T> out;
  out.activate = Phi<T>::activate;
  out.gain = Phi<T>::gain;
  out.curvature = Phi<T>::curvature;
  if constexpr (requires { &Phi<T>::backward; }) out.backward = Phi<T>::backward;
  if constexpr (requires { &Phi<T>::error; }) {
    out.error = Phi<T>::error;
    out.error_vjp = Phi<T>::error_vjp;
    out.rate_vjp = Phi<T>::rate_vjp;
  }
  return out;
}
template <template <class> class Phi> numeric::InBoth<ActivationFunctions> activation_functions() {
  return {activation_functions<Phi, float>(), activation_functions<Phi, double>()};
}

} // namespace engram::dynamics
