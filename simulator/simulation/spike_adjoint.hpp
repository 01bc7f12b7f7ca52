// SpikeAdjoint takes the gradient back through the spiking part of a trial, by the tapes that a forward run wrote.
#pragma once

#include "simulation/spikes.hpp"

#include <functional>

namespace engram::simulation {

template <class T> class SpikeAdjoint {
public:
  /// All are kept by reference and must outlive this. `tapes`: one for each of spikes.active().
  SpikeAdjoint(const network::Network<T> &network, const dynamics::CircuitDynamics<T> &circuit, const Spikes<T> &spikes,
               std::vector<dynamics::SpikeTape<T>> &tapes, int threads);

  /// Puts the signals of a step back.
  void restore(std::size_t step, network::Signals<T> &signals) const;
  /// The way back begins after the last step of `trials` trials.
  void rewind(std::size_t trials);
  /// Adds dL/d(currents of the step), by way of the next step's states. Once for each step.
  void inject(std::size_t step, network::Signals<T> &d);
  /// Collects dL/d(signals of the step); several times for a step whose signals are read several times.
  void collect(const network::Signals<T> &d);
  /// From after the step to before it. `change`: where minus the gradient of the synapses of a projection in
  /// Network::sparse is added, or null.
  void pull_back(std::size_t step, const std::function<T *(std::size_t projection)> &change);

private:
  void pull_back_synapses(std::size_t projection, std::size_t step, const dynamics::SpikeTape<T> &tape, T *change);

  const network::Network<T> &network_;
  const dynamics::CircuitDynamics<T> &circuit_;
  const std::vector<typename Spikes<T>::Active> &active_;
  std::vector<dynamics::SpikeTape<T>> &tapes_;
  int threads_ = 1;
  std::vector<std::size_t> active_at_; // by region: in active_, or none
  /// By region: dL/d(spikes of a step), on its way back through synapses: a ring of steps, N × B; empty where nothing
  /// can learn from it.
  std::vector<std::vector<numeric::Matrix<T>>> dspikes_;
};

} // namespace engram::simulation
