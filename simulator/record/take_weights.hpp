// take_weights() lets a circuit begin with the weights with which another run ended.
#pragma once

#include "learning/kept.hpp"
#include "network/network.hpp"

#include <string>
#include <vector>

namespace engram::record {

class RunReader;

/// Names of projections.
struct Taken {
  std::vector<std::string> taken;  ///< whose weights come from the run file
  std::vector<std::string> kept;   ///< with weights of their own, which the run file does not hold
  std::vector<std::string> unused; ///< of the run file, which the model does not have
  std::vector<std::string> moved;  ///< of those taken, whose constraints change what the run file holds
};

/// Gives each projection that a run file holds under the same name the weights with which that run ended; the others
/// keep theirs. Errors: data::DataError, also where sizes differ or no name is the same.
template <class T> Taken take_weights(const std::string &run, network::Network<T> &network);

/// The weights of a network under names of states, for a run that ended within a later epoch: those that a run file
/// keeps, "weights/PROJECTION".
template <class T> std::vector<learning::Saved> weights_as_state(const network::Network<T> &network);

/// Puts the weights back bit for bit, where `state` (of the same run file) has them from there, and takes them out of
/// it. Errors: data::DataError where one is missing, or its shape or its synapses differ.
template <class T>
void restore_weights(const RunReader &run, std::vector<learning::Saved> &state, network::Network<T> &network);

} // namespace engram::record
