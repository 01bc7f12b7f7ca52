// Which neurons a projection joins.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <cstddef>

namespace engram::network {

/// The patterns of "connect" by name.
void describe(model::Vocabulary &vocabulary);

/// Where neuron k of a region of N lies on its sheet: a unit square, filled row by row with ⌈√N⌉ neurons in a row.
struct Place {
  double x = 0, y = 0;
};
Place place_on_sheet(std::size_t k, std::size_t neurons);

/// Does neuron `pre` of a region of `pres` project to neuron `post` of one of `posts`?
bool connected(const model::Typed &connect, std::size_t post, std::size_t posts, std::size_t pre, std::size_t pres);

/// Synapses onto a neuron: of a hierarchical projection onto the last one, of a topographic one on average.
double fan_in(const model::Typed &connect, std::size_t posts, std::size_t pres);

} // namespace engram::network
