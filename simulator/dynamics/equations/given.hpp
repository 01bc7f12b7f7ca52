// What the functions of neurons by equations share: where the numbers of a program's leaves are.
#pragma once

#include "dynamics/equations/blocks.hpp"
#include "dynamics/equations/compile.hpp"

#include <engram/shared.hpp>

#include <vector>

namespace engram::dynamics::equations {

inline const Programs &programs_of(const engram_population &all) {
  return *static_cast<const Programs *>(static_cast<const Population &>(all).own);
}

/// Where leaves are, for neurons from `first` on in trial b.
template <class T> struct Given {
  const engram_population *all;
  std::size_t states; // K
  const void *state = nullptr, *soma = nullptr, *apical = nullptr;
  const engram_spiking_input *spiking = nullptr;
  const engram_spike_cotangents *spikes = nullptr;
  const void *dstate = nullptr;                                         // cotangents of K states
  const void *drate = nullptr, *dpotential = nullptr, *dgain = nullptr; // or of signals

  const T *signal(const void *values, std::size_t b, std::size_t first) const {
    return values == nullptr ? nullptr : static_cast<const T *>(values) + b * all->neurons + first;
  }
  const T *column(const void *values, std::size_t k, std::size_t b, std::size_t first) const {
    return static_cast<const T *>(values) + (k + b * states) * all->neurons + first;
  }
  const T *operator()(const Leaf &leaf, std::size_t b, std::size_t first) const {
    static const std::vector<T> ones(ENGRAM_BLOCK, T(1));
    switch (leaf.kind) {
    case Leaf::Kind::state:
      return column(state, leaf.index, b, first);
    case Leaf::Kind::constant:
      return static_cast<const T *>(all->constants[leaf.index]) + (all->per_neuron[leaf.index] != 0 ? first : 0);
    case Leaf::Kind::soma:
      return signal(soma, b, first);
    case Leaf::Kind::apical:
      return signal(apical, b, first);
    case Leaf::Kind::drive: // relaxation() has it in the place of soma
      return signal(spiking ? spiking->drive : soma, b, first);
    case Leaf::Kind::conductance:
      return signal(spiking ? spiking->conductance : apical, b, first);
    case Leaf::Kind::held:
      return signal(spiking->held, b, first);
    case Leaf::Kind::passed:
      return signal(spiking->passed, b, first);
    case Leaf::Kind::beyond:
      return spiking->beyond != 0 ? ones.data() : nullptr;
    case Leaf::Kind::spiked:
      return signal(spikes->spiked, b, first);
    case Leaf::Kind::spike_slope:
      return signal(spikes->slope, b, first);
    case Leaf::Kind::dspike:
      return signal(spikes->dspike, b, first);
    case Leaf::Kind::through_reset:
      return spikes->through_reset != 0 ? ones.data() : nullptr;
    case Leaf::Kind::cotangent:
      if (dstate != nullptr) return column(dstate, leaf.index, b, first);
      return signal(leaf.index == 0 ? drate : leaf.index == 1 ? dpotential : dgain, b, first);
    }
    return nullptr;
  }
};

/// Where a function writes a signal, or state k.
template <class T> T *signal(const engram_population *all, void *values, std::size_t b, std::size_t first) {
  return values == nullptr ? nullptr : static_cast<T *>(values) + b * all->neurons + first;
}
template <class T>
T *column(const engram_population *all, void *values, std::size_t k, std::size_t b, std::size_t first) {
  return static_cast<T *>(values) + (k + b * programs_of(*all).states) * all->neurons + first;
}

/// Adds the functions of neurons that spike, or of those that settle.
template <class T> void add_spiking(engram_neuron_callbacks &calls);
template <class T> void add_settling(engram_neuron_callbacks &calls);

} // namespace engram::dynamics::equations
