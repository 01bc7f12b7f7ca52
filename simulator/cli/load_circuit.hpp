// open_circuit() makes a runnable circuit from a model: it reads the files that the model names, and builds the network
// and the trials.
#pragma once

#include "cli/context.hpp"
#include "input/document.hpp"
#include "model/model.hpp"
#include "network/network.hpp"
#include "protocol/trials.hpp"

#include <cstddef>
#include <vector>

namespace engram::cli {

/// A circuit and its trials: all that a model names has been read.
template <class T> struct Opened {
  protocol::Trials trials;
  std::vector<std::string> label_names; ///< of the classes 0, 1, …, where labels are words
  network::Network<T> network;
  std::vector<std::string> lines; ///< what was assumed, and what may not be meant, for the user to see
};

/// Reads all files that the model names: stimuli (from the data that ship, the user's cache folder and $ENGRAM_DATA),
/// weights, spikes and pairs. Errors: input::InputError with all problems.
template <class T>
Opened<T> open_circuit(const Context &context, const model::Model &model, const input::Places &places);
/// `asked`, or all cores when it is 0.
int threads_or_all(int asked);

} // namespace engram::cli
