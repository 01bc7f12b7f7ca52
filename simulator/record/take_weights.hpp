// take_weights() lets a circuit begin with the weights with which another run ended.
#pragma once

#include "learning/kept.hpp"
#include "network/network.hpp"

#include <string>
#include <vector>

namespace engram::record {

class RunFile;
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

/// Were all weights of the network taken, as they are in the run file, and is none of it left over?
bool is_whole(const Taken &taken);
/// A line that says what was taken and what was not: "RUN: warning: …".
std::string warning_of(const std::string &run, const Taken &taken);

/// Writes the weights of a network under names of states, "weights/PROJECTION", for a run whose own weights are others:
/// those that a run file keeps, one projection after another. Errors: WriteFailure.
template <class T> void write_weights_as_state(RunFile &file, const network::Network<T> &network);

/// Puts the weights back bit for bit, where `state` (of the same run file) has them from there, and takes them out of
/// it. Errors: data::DataError where one is missing, or its shape or its synapses differ.
template <class T>
void restore_weights(const RunReader &run, std::vector<learning::Saved> &state, network::Network<T> &network);

} // namespace engram::record
