// copy_weights() copies what a network has learned into another that stays where it is.
#pragma once

#include "network/network.hpp"

#include <cstddef>

namespace engram::session {

/// Both are networks of one model.
template <class T> void copy_weights(const network::Network<T> &from, network::Network<T> &to) {
  for (std::size_t k = 0; k < to.dense.size(); ++k) to.dense[k].weights = from.dense[k].weights;
  for (std::size_t k = 0; k < to.sparse.size(); ++k)
    if (to.sparse[k].synapses.plastic) *to.sparse[k].synapses.weights = *from.sparse[k].synapses.weights;
}

} // namespace engram::session
