// A PairList holds synapses that a file lists one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace engram::network {

/// The content of a file of pairs: rows of presynaptic neuron, postsynaptic neuron (from 0), and perhaps weight.
struct Pairs {
  std::string file;           ///< for messages
  std::size_t columns = 0;    ///< 2 or 3
  std::vector<double> values; ///< row by row
};

/// Synapses by presynaptic neuron: the targets of neuron j are target[begin[j]] … target[begin[j + 1] − 1], ascending.
struct Rows {
  std::vector<std::uint64_t> begin;
  std::vector<std::uint32_t> target;
};

/// The content of a file of pairs, by presynaptic neuron.
struct PairList : Rows {
  std::vector<double> weight; ///< of each, empty where the file has two columns
  /// Of the synapse from `pre` to `post`, which must be there, and so must weights.
  double weight_of(std::size_t post, std::size_t pre) const;
};

/// Errors: input::InputError for what is not a neuron of the two regions, pairs that stand there twice, and other
/// numbers of columns.
PairList pair_list(const Pairs &pairs, std::size_t posts, std::size_t pres);

} // namespace engram::network
