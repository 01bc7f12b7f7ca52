// A SpikeHistory keeps the recent spikes of each spiking region in a ring of steps.
#pragma once

#include "network/signals.hpp"

#include <cstdint>
#include <vector>

namespace engram::network {

class SpikeHistory {
public:
  explicit SpikeHistory(std::size_t regions = 0) : rings_(regions) {}
  /// The region spikes, and its spikes are asked for `delay` steps back.
  void want(std::size_t region, std::size_t delay) {
    auto &ring = rings_[region];
    if (ring.size() < delay + 2) ring.resize(delay + 2);
  }
  /// B trials begin, and nobody has spiked.
  void begin(std::size_t trials) {
    for (auto &ring : rings_)
      for (auto &lists : ring) {
        lists.resize(trials);
        for (auto &list : lists) list.clear();
      }
  }
  /// Spikes of a step: of the last `delay` ones, the present one, and the next while it is written.
  const SpikeLists &at(std::size_t region, std::uint64_t step) const {
    const auto &ring = rings_[region];
    return ring[step % ring.size()];
  }
  SpikeLists &at(std::size_t region, std::uint64_t step) {
    auto &ring = rings_[region];
    return ring[step % ring.size()];
  }

private:
  std::vector<std::vector<SpikeLists>> rings_; ///< by region; empty where nobody spikes
};

} // namespace engram::network
