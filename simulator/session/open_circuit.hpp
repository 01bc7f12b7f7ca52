// open_circuit() goes from a checked model to what runs: its network and its trials.
#pragma once

#include "data/dataset.hpp"
#include "dynamics/entry.hpp"
#include "input/document.hpp"
#include "model/model.hpp"
#include "network/network.hpp"
#include "task/entries.hpp"
#include "task/trials.hpp"

#include <string>
#include <vector>

namespace engram::session {

/// A circuit and its trials: all that a model names has been read.
template <class T> struct LoadedCircuit {
  task::Trials trials;
  std::vector<std::string> label_names; ///< of the classes 0, 1, …, where labels are words
  network::Network<T> network;
  std::vector<std::string> lines; ///< what was assumed, and what may not be meant, for the user to see
};

/// Reads all files that the model names: stimuli (from `data`, the user's cache folder and $ENGRAM_DATA), weights,
/// spikes and pairs. `entries`, `task_entries`: the dynamics, terms and environments that the model names, and others.
/// Asks of parameters that are drawn whether they are in their range. `split`: whose
/// synapses are made. Errors: input::InputError with all problems.
template <class T>
LoadedCircuit<T> open_circuit(const model::Model &model, const input::Places &places,
                              const dynamics::DynamicsEntries &entries, const task::TaskEntries &task_entries,
                              const data::DatasetFolders &data, network::Split split = {});

} // namespace engram::session
