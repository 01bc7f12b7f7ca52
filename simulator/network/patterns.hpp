// A pattern decides which neurons a projection connects.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "network/listed.hpp"

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

/// A convolution's regions: maps one after the other, each a square of neurons, row by row.
struct Convolution {
  std::size_t kernel = 0, stride = 0, padding = 0, channels = 0;
  std::size_t from = 0, to = 0; ///< sides of the source's maps and of the target's
  bool shared = false;          ///< neurons of a map have the same weights, now and after learning
};

/// Everything that decides which neurons are connected.
struct Wiring {
  const model::Typed *connect = nullptr;
  std::size_t posts = 0, pres = 0;
  bool same_region = false;
  std::uint64_t seed = 0;
  std::uint32_t key = 0;          ///< of what is drawn
  const Listed *listed = nullptr; ///< of "pairs"
  Convolution convolution;        ///< of "convolution"
};

/// `said` and `listed` must outlive the result. Only "pairs" needs `listed`.
Wiring wiring_of(const model::Projection &said, std::size_t posts, std::size_t pres, std::uint64_t seed,
                 const Listed *listed = nullptr);

/// Does neuron `pre` project to neuron `post`? For patterns that draw nothing and list nothing.
bool connected(const Wiring &wiring, std::size_t post, std::size_t pre);

/// Appends the neurons to which `pre` projects, ascending. What is drawn follows from (seed, key, pre). Not for
/// fixed_indegree, whose rows depend on each other.
void append_targets(const Wiring &wiring, std::size_t pre, std::vector<std::uint32_t> &out);

/// fixed_indegree: each neuron has so many different sources, drawn by (seed, key, post). The targets of neuron j are
/// target[begin[j]] … target[begin[j + 1] − 1], ascending.
void indegree_rows(const Wiring &wiring, int threads, std::vector<std::uint64_t> &begin,
                   std::vector<std::uint32_t> &target);

/// 1 where synapses are, of any pattern: posts × pres, column by column (for dense matrices).
std::vector<bool> joined(const Wiring &wiring);

/// Synapses onto a neuron: of a hierarchical projection onto the last one, of topographic and listed ones on average,
/// of a convolution away from the border.
double fan_in(const Wiring &wiring);

/// The index by which a synapse's weight is drawn. Synapses of a shared convolution have the number of their place in
/// the kernels, and all others one of their own.
std::uint64_t weight_index(const Wiring &wiring, std::size_t post, std::size_t pre);

} // namespace engram::network
