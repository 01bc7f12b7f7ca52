// drawn() gives a parameter of a region neuron by neuron.
#pragma once

#include "model/model.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"

#include <cstdint>

namespace engram::dynamics {

/// The parameter `name` of the dynamics, N values. What the model leaves to chance follows from the seed.
template <class T> numeric::Vector<T> drawn(const model::Region &region, const char *name, std::uint64_t seed) {
  return network::values_of<T>(region.dynamics.at(name), region.size, seed,
                               numeric::name_key(region.name + "." + name));
}

} // namespace engram::dynamics
