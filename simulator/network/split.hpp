// A Split says which neurons of a region are a rank's own: those whose states it moves, and whose synapses it holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

namespace engram::network {

/// Neurons [first, last) of a region.
struct Range {
  std::size_t first = 0, last = std::numeric_limits<std::size_t>::max();
  bool holds(std::size_t neuron) const { return first <= neuron && neuron < last; }
  bool is_all_of(std::size_t neurons) const { return first == 0 && last >= neurons; }
};

struct Split {
  std::size_t rank = 0, ranks = 1;
  /// Neurons are dealt out in blocks, in which loops that are compiled to vectors take them: so the bits of a neuron do
  /// not depend on where a rank's own begin.
  static constexpr std::size_t block = 64;
  bool none() const { return ranks == 1; }
  Range own(std::size_t neurons) const {
    if (none()) return {0, neurons};
    const std::size_t blocks = (neurons + block - 1) / block;
    return {std::min(neurons, blocks * rank / ranks * block), std::min(neurons, blocks * (rank + 1) / ranks * block)};
  }
};

} // namespace engram::network
