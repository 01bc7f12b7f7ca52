// Which neurons a projection joins.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::network {

/// The patterns of "connect" by name.
void describe(model::Vocabulary &vocabulary);

/// Where neuron k of a region of N lies on its sheet: a unit square, filled row by row with ⌈√N⌉ neurons in a row.
struct Place {
  double x = 0, y = 0;
};
Place place_on_sheet(std::size_t k, std::size_t neurons);

/// Does neuron `pre` of a region of `pres` project to neuron `post` of one of `posts`? For patterns that draw nothing.
bool connected(const model::Typed &connect, std::size_t post, std::size_t posts, std::size_t pre, std::size_t pres);

/// Appends the neurons to which `pre` projects, ascending. What is drawn follows from (seed, key, pre). Not for
/// fixed_indegree, whose rows depend on each other.
void append_targets(const model::Typed &connect, std::size_t pre, std::size_t posts, std::size_t pres, bool same_region,
                    std::uint64_t seed, std::uint32_t key, std::vector<std::uint32_t> &out);

/// fixed_indegree: each neuron has so many different sources, drawn by (seed, key, post). The targets of neuron j are
/// target[begin[j]] … target[begin[j + 1] − 1], ascending.
void indegree_rows(const model::Typed &connect, std::size_t posts, std::size_t pres, bool same_region,
                   std::uint64_t seed, std::uint32_t key, int threads, std::vector<std::uint64_t> &begin,
                   std::vector<std::uint32_t> &target);

/// 1 where synapses are, of any pattern: posts × pres, column by column (for dense matrices).
std::vector<bool> joined(const model::Typed &connect, std::size_t posts, std::size_t pres, bool same_region,
                         std::uint64_t seed, std::uint32_t key);

/// Synapses onto a neuron: of a hierarchical projection onto the last one, of a topographic one on average.
double fan_in(const model::Typed &connect, std::size_t posts, std::size_t pres);

} // namespace engram::network
