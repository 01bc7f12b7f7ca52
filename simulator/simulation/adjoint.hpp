// An Adjoint takes a forward run back, from its last step to its first, and gives the exact gradient of the objective
// through the simulated trajectory. It is the discrete adjoint of the explicit Runge-Kutta step, with all stages
// recomputed (Hager 2000, Numer Math 87:247-282; Sanz-Serna 2016, SIAM Rev 58:3-33, section 3).
#pragma once

#include "simulation/forward.hpp"
#include "simulation/spike_adjoint.hpp"

#include <array>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace engram::simulation {

/// Where the gradient of the weights goes.
template <class T> struct GradientSink {
  virtual ~GradientSink() = default;
  /// dL/dw of a projection (a place in Network::dense) += scale · dcurrent · signalᵀ, with dcurrent N_post × B and
  /// signal N_pre × B. Of a bias, `signal` is empty.
  virtual void add(std::size_t projection, T scale, const Matrix<T> &dcurrent, const Matrix<T> &signal) = 0;
  /// The same for the last products of a trial, which may be kept. Of a bias, `signal` is null.
  virtual void add_last(std::size_t projection, T scale, learning::SharedMatrix<T> dcurrent,
                        learning::SharedMatrix<T> signal) {
    add(projection, scale, *dcurrent, signal ? *signal : Matrix<T>());
  }
  /// −dL/dw by synapse of a projection in Network::sparse, to be added to; null where nobody wants it.
  virtual T *synapses(std::size_t projection) = 0;
};

template <class T> class Adjoint {
public:
  /// All are kept by reference and must outlive this. The circuit of `forward` is put back to earlier steps.
  Adjoint(const Setup<T> &setup, Forward<T> &forward, const Watch &watch);
  Adjoint(const Adjoint &) = delete;
  Adjoint &operator=(const Adjoint &) = delete;

  /// The tape for the forward run of a batch: states of steps 0, every, 2 every, … are kept.
  Tape<T> &tape(std::size_t every);
  /// The forward run is over, and the way back begins after its last step.
  void rewind(std::size_t steps);
  /// Makes the states of steps first … last − 1 available, from the last one that was kept at or before `first`.
  /// Errors: RunFailure for steps that were not simulated, and once the watch says to stop.
  void replay(std::size_t first, std::size_t last);
  /// Takes the gradient from after the step to before it. Steps come from the last to the first. Errors: RunFailure
  /// where the state of the step is not available, and once the watch says to stop.
  void pull_back(std::size_t step, GradientSink<T> &sink);
  /// Was it stopped since rewind()?
  bool was_stopped() const { return stopped_; }

private:
  using Kept = typename Tape<T>::Kept;

  void end_when_stopped();
  void resize();
  const Kept *kept(std::size_t step) const;
  void go_to(const Kept &there);
  void evaluate(std::size_t step);
  std::vector<Vector<T>> &starts_of_pieces(std::size_t step);
  void pull_back_piece(const Vector<T> &start, T h, bool first, std::size_t step);
  void pull_back_stage(std::size_t step, bool first, const Vector<T> &state, const network::Signals<T> &signals,
                       const Vector<T> *ddu, Vector<T> &dstate);
  void pull_back_delays(std::size_t step);
  void pull_back_sweep();
  void emit(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal);
  void emit_last(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal);

  const Setup<T> &setup_;
  Forward<T> &forward_;
  const dynamics::CircuitDynamics<T> &circuit_;
  CircuitState<T> &now_;
  const Watch &watch_;
  dynamics::Tableau tableau_;
  bool exponential_; // the integrator takes exact steps
  Tape<T> tape_;
  std::unique_ptr<SpikeAdjoint<T>> spikes_; // null without spiking regions

  bool stopped_ = false;
  std::size_t steps_ = 0;            // that were simulated: an environment may have ended all trials early
  std::size_t here_ = network::none; // the step whose signals now_ has
  std::vector<Kept> replayed_;       // states of a stretch of steps
  std::size_t replayed_from_ = 0;

  GradientSink<T> *sink_ = nullptr;                // of the call at hand
  std::size_t trials_ = 0;                         // of the shapes below
  std::shared_ptr<network::Signals<T>> dsignals_;  // dL/d(signals)
  Vector<T> dstate_;                               // dL/d(state after the step at hand)
  std::vector<std::array<Matrix<T>, 2>> ddelayed_; // dL/d(held.delayed)
  std::map<std::pair<std::size_t, network::Signal>, std::vector<Matrix<T>>> dhistory_; // by step, of delayed signals
  std::vector<Vector<T>> stage_state_, stage_slope_, stage_back_;
  std::vector<Vector<T>> piece_starts_; // states between the pieces of a step
  std::vector<Vector<T>> swept_states_; // before each round of the sweep
  Vector<T> kappa_;                     // dL/d(derivative) of a stage
};

} // namespace engram::simulation
