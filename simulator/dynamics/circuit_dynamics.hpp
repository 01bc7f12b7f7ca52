// CircuitDynamics is the right-hand side of the whole network's differential equation, and its vector-Jacobian product.
#pragma once

#include "dynamics/entry.hpp"
#include "dynamics/region_dynamics.hpp"
#include "model/vocabulary.hpp"
#include "network/network.hpp"

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace engram::dynamics {

template <class T> using Vector = numeric::Vector<T>;
template <class T> using Signals = network::Signals<T>;
using network::Compartment;

/// A teacher adds to the apical currents of regions (or to those into their somas), as a function of signals.
template <class T> struct Teacher {
  virtual ~Teacher() = default;
  virtual void add(std::size_t region, Compartment compartment, const Signals<T> &signals,
                   Matrix<T> &current) const = 0;
  /// d(signals) += (∂ added / ∂ signals)ᵀ dcurrent
  virtual void add_vjp(std::size_t region, Compartment compartment, const Signals<T> &signals,
                       const Matrix<T> &dcurrent, Signals<T> &d) const = 0;
};

/// Currents, and pointers to targets, that stay the same during one step.
template <class T> struct Held {
  std::vector<std::array<Matrix<T>, 2>> delayed; ///< by region and compartment: current of projections with a delay
  std::vector<Matrix<T>> noise;                  ///< by region, N × B; empty where there is none
  /// By region and compartment: bias and what comes from input regions, while they show the same; empty: not held.
  std::vector<std::array<Matrix<T>, 2>> inputs;
  const Teacher<T> *teacher = nullptr;
  const Matrix<T> *clamp = nullptr; ///< N × B: the clamped region's rate is held at it
};

/// Sum of the currents into one compartment of one region.
struct CompartmentCurrent {
  std::size_t region = 0;
  Compartment compartment = Compartment::soma;
  std::vector<std::size_t> incoming; ///< in Network::dense: projections without delay
  std::size_t bias = network::none;  ///< in Network::dense
  std::size_t inputs = 0; ///< so many of `incoming`, the first, come from input regions and could be summed ahead
  bool delayed = false, noisy = false, taught = false;
  bool finishes_error = false; ///< gain and apical are both known after it
};

/// Where the gradient of the weights goes: adds dcurrent · signalᵀ for a projection. `signal` is N_pre × B, and
/// `projection` a place in Network::dense.
template <class T>
using WeightSink = std::function<void(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal)>;

template <class T> struct CircuitDynamics {
  const network::Network<T> *network = nullptr;
  std::vector<const DynamicsEntry *> entries; ///< by region
  std::vector<std::unique_ptr<RegionDynamics<T>>> regions;
  std::vector<SignalSet> wanted;          ///< by region
  std::vector<CompartmentCurrent> order;  ///< a node stands after all those that its signals need in the same step
  std::vector<std::size_t> states_before; ///< by region: states of the neurons of earlier regions
  std::size_t states = 0;                 ///< the state vector has states × B values, region after region
  std::size_t clamped = network::none;    ///< region that the objective holds at its target
  std::vector<std::size_t> swept;         ///< regions that begin a trial at the steady state of a feedforward sweep
  std::vector<bool> carries_gradient;     ///< by region: is dL/d(signal) of it of use to anyone?
  int threads = 1;

  /// The states of a region's neurons in one trial: N K.
  std::size_t states_of(std::size_t region) const;
  /// The N K × B block of a region in a state-sized vector.
  Matrix<T> block(const Vector<T> &state, std::size_t region) const;
};

/// `wanted`: by region, what others (rules, recorders) read; what the circuit itself needs is added. `entries` must
/// outlive the circuit, and hold the dynamics that the model names.
/// Errors: input::InputError where a neuron drew a parameter that is out of its range; Broken for a cycle
/// within a step, which the checks of the model exclude.
template <class T>
CircuitDynamics<T> make_circuit_dynamics(const model::Model &model, const network::Network<T> &network,
                                         std::vector<SignalSet> wanted, int threads,
                                         const DynamicsEntries &entries = dynamics_entries());

/// Signals for B trials, zero.
template <class T> Signals<T> make_signals(const CircuitDynamics<T> &circuit, std::size_t trials);
template <class T> void zero(Signals<T> &signals);

/// Sums, into held.inputs, what input regions give, for steps in which neither their rates (in `s`) nor the weights
/// change. The sums at each step go on from there, so no bit of them differs.
template <class T> void hold_inputs(const CircuitDynamics<T> &c, const Signals<T> &s, Held<T> &held);
/// Every step sums all again.
template <class T> void release_inputs(Held<T> &held);

/// Signals of a state. Rates of input regions are expected in `s`.
template <class T>
void evaluate(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, Signals<T> &s);
/// d(state)/dt, from the signals of that state.
template <class T>
void derivative(const CircuitDynamics<T> &c, const Vector<T> &state, const Signals<T> &s, Vector<T> &du);

/// One round of the feedforward sweep: each swept region goes to the steady state of what reaches its soma now. A chain
/// of regions is at rest after as many rounds as it has regions; loops go as far as that many rounds take them.
template <class T> void sweep(const CircuitDynamics<T> &c, const Held<T> &held, Vector<T> &state, Signals<T> &s);

/// The reverse of evaluate and derivative.
/// \param ddu     dL/d(derivative), or null when the derivative is not used
/// \param d       in: dL/d(signals) from elsewhere; on return: spent
/// \param dstate  dL/d(state) is added
/// \param ddelayed dL/d(held.delayed) is added
template <class T>
void pull_back(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, const Signals<T> &s,
               const Vector<T> *ddu, Signals<T> &d, Vector<T> &dstate, std::vector<std::array<Matrix<T>, 2>> &ddelayed,
               const WeightSink<T> &sink);

/// The reverse of a round of the sweep. \param state before the round, \param s the signals of it, \param dstate in:
/// dL/d(state after the round), out: dL/d(state before it); the others as for pull_back.
template <class T>
void pull_back_sweep(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, const Signals<T> &s,
                     Signals<T> &d, Vector<T> &dstate, std::vector<std::array<Matrix<T>, 2>> &ddelayed,
                     const WeightSink<T> &sink);

/// The words that the dynamics, and all that moves with them, add to a model file.
void add_dynamics_words(model::Vocabulary &vocabulary);

} // namespace engram::dynamics
