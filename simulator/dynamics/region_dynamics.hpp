// A RegionDynamics defines how the neurons of one region move: its signals, its derivative, and the vector-Jacobian
// products of both.
#pragma once

#include "dynamics/activation_entry.hpp"
#include "network/signals.hpp"

#include <bitset>
#include <initializer_list>
#include <memory>
#include <utility>

namespace engram::dynamics {

using network::Signal;
template <class T> using RegionSignals = network::RegionSignals<T>;

/// Which signals somebody reads, and after them which states are recorded; others are not computed.
inline constexpr std::size_t most_states = 16; // of a neuron
using SignalSet = std::bitset<network::signal_count + most_states>;
inline std::size_t state_bit(std::size_t state) { return network::signal_count + state; }

/// State and derivatives are blocks of the network's one state vector: N × B, or N K × B where a neuron has K states,
/// state k of neuron i in row i + k N. Cotangents: dL/d(signal), in the same struct as the signals; a function adds to
/// the cotangents of what it read.
template <class T> class RegionDynamics {
public:
  virtual ~RegionDynamics() = default;
  /// Does a differential equation stand behind it? (Else all follows from the currents of the step.)
  virtual bool has_state() const = 0;
  /// K, the states of a neuron.
  virtual std::size_t variables() const { return 1; }
  /// The states of one trial as it begins, N K. `first`: what the model says of the first ones, N; null: nothing.
  virtual numeric::Vector<T> begin(std::size_t neurons, const numeric::Vector<T> *first) const {
    return first ? *first : numeric::Vector<T>(neurons, arma::fill::zeros);
  }
  /// Signals that its own derivative reads, besides rate and the current into the soma.
  virtual SignalSet needed() const { return {}; }
  /// Does a clamp hold the state at the target (and not the rate alone)?
  virtual bool clamps_state() const { return false; }

  /// Signals that follow from the state alone.
  virtual void from_state(const Matrix<T> & /*state*/, RegionSignals<T> &, SignalSet) const {}
  /// Signals that need the current into the soma.
  virtual void from_soma(RegionSignals<T> &, SignalSet) const {}
  /// Signals that need the current into the apical compartment, and of the others at most those of the state.
  virtual void from_apical(RegionSignals<T> &, SignalSet) const {}
  /// error, once gain and apical are known.
  virtual void error(RegionSignals<T> &) const = 0;
  /// du/dt
  virtual void derivative(const Matrix<T> & /*state*/, const RegionSignals<T> &, Matrix<T> & /*du*/) const {}

  /// The neuron (trial by trial) that relaxed fastest in the last call of derivative(), and its rate (1/ms), where that
  /// depends on the current; (0, 0) where the parameters alone say it.
  virtual std::pair<std::size_t, T> fastest() const { return {0, T(0)}; }

  /// The state at which du/dt = 0 while the current into the soma is s.soma, and nothing reaches the apical
  /// compartment. Here that of τ u' = −u + I: the current itself.
  virtual void steady_state(const RegionSignals<T> &s, Matrix<T> &state) const { state = s.soma; }

  // The same in reverse. `s` holds the signals of the step, `d` the cotangents.
  virtual void derivative_vjp(const Matrix<T> & /*state*/, const RegionSignals<T> & /*s*/, const Matrix<T> & /*dotu*/,
                              RegionSignals<T> & /*d*/, Matrix<T> & /*dstate*/) const {}
  virtual void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const = 0;
  virtual void from_soma_vjp(const RegionSignals<T> & /*s*/, RegionSignals<T> & /*d*/, SignalSet) const {}
  virtual void from_apical_vjp(const RegionSignals<T> & /*s*/, RegionSignals<T> & /*d*/, SignalSet) const {}
  virtual void from_state_vjp(const Matrix<T> & /*state*/, const RegionSignals<T> & /*s*/, RegionSignals<T> & /*d*/,
                              Matrix<T> & /*dstate*/, SignalSet) const {}
  virtual void steady_state_vjp(const RegionSignals<T> & /*s*/, const Matrix<T> &dstate, RegionSignals<T> &d) const {
    d.soma += dstate;
  }
};

/// A set of signals.
inline SignalSet wanted_set(std::initializer_list<Signal> signals) {
  SignalSet wanted;
  for (const Signal s : signals) wanted.set(network::place_of(s));
  return wanted;
}

/// u → rate = φ(u), gain = φ'(u), error, and back: shared by the dynamics whose neurons have a potential.
template <class T> class Readout {
public:
  explicit Readout(Activation phi) : phi_(phi) {}
  const Activation &phi() const { return phi_; }
  /// Signals that error() reads, besides rate, gain and apical.
  SignalSet needed() const;
  void forward(const Matrix<T> &u, RegionSignals<T> &s, SignalSet wanted) const;
  void error(RegionSignals<T> &s) const;
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const;
  /// Adds to du: dL/du by way of potential, rate and gain.
  void backward(const Matrix<T> &u, const RegionSignals<T> &s, const RegionSignals<T> &d, Matrix<T> &du,
                SignalSet wanted) const;

private:
  Activation phi_;
  mutable Scratch<T> scratch_;
};

} // namespace engram::dynamics
