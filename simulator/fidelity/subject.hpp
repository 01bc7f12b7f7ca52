// A Subject is a circuit that is measured. A Snapshot is the state of such a circuit at one point of its learning.
#pragma once

#include "model/model.hpp"
#include "network/network.hpp"
#include "simulation/simulator.hpp"
#include "task/trials.hpp"

#include <atomic>
#include <vector>

namespace engram::fidelity {

/// A circuit with its rules, at its initial weights. What is pointed to must outlive it.
template <class T> struct Subject {
  const model::Model *model = nullptr;
  const task::Trials *trials = nullptr;
  std::vector<const engram_rule *> rules; ///< the plugin of each of model.rules
  network::Network<T> network;
  const std::atomic<bool> *stop = nullptr; ///< once it is true, simulations of it end within a trial
  const dynamics::DynamicsEntries *dynamics = &dynamics::dynamics_entries(); ///< those that the model may name
  const task::TaskEntries *task = &task::task_entries();                     ///< the same of terms and environments
};

/// A circuit at some point of its learning.
template <class T> struct Snapshot {
  network::Network<T> network;
  typename simulation::Simulator<T>::Memory memory;
  bool has_memory = false; ///< else rules and expectations of reward are as at the start of a run
};

} // namespace engram::fidelity
