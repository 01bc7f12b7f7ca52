// A CircuitState is the circuit at one step of a batch of trials. The forward run moves it on, and the adjoint puts it
// back to earlier steps. A Setup is what is simulated.
#pragma once

#include "dynamics/circuit_dynamics.hpp"
#include "model/model.hpp"
#include "network/history.hpp"
#include "ranks/ranks.hpp"
#include "simulation/batch.hpp"
#include "task/entries.hpp"
#include "task/schedule.hpp"
#include "task/trials.hpp"

#include <memory>
#include <vector>

namespace engram::simulation {

/// The circuit and its task. All must outlive the simulation.
template <class T> struct Setup {
  const model::Model &model;
  network::Network<T> &network;
  const task::Trials &trials;
  task::Schedule schedule;
  int threads = 1;
  const dynamics::DynamicsEntries &entries; ///< the dynamics that the model may name
  const task::TaskEntries &task_entries;    ///< the terms and environments
  ranks::Ranks *ranks = nullptr;            ///< that share out the spiking neurons; null: this process has them all
};

template <class T> struct CircuitState {
  std::size_t trials = 0; ///< B
  Vector<T> state;        ///< all regions with a state, one after another, N × B each
  /// Of the step. The last products of a batch share them until the weights have moved.
  std::shared_ptr<network::Signals<T>> signals;
  std::vector<network::Signals<T>> stages; ///< of the stages of the stepper
  dynamics::Held<T> held;                  ///< what stays the same during the step
  network::History<T> history;             ///< of the signals that projections with a delay read
};

/// Before signals are written into: where a product that waits shares them, it keeps the old ones.
template <class T> void unshare(std::shared_ptr<network::Signals<T>> &signals) {
  if (signals.use_count() > 1) signals = std::make_shared<network::Signals<T>>(*signals);
}

} // namespace engram::simulation
