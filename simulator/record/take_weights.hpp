// A circuit that begins where another run ended.
#pragma once

#include "network/network.hpp"

#include <cstddef>
#include <string>

namespace engram::record {

/// Gives each projection that a run file holds under the same name the weights with which that run ended; the others
/// keep theirs. Returns how many were taken. Errors: data::DataError, also where sizes differ or no name is the same.
template <class T> std::size_t take_weights(const std::string &run, network::Network<T> &network);

} // namespace engram::record
