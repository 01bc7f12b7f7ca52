// each_that_spikes() finds the neurons of a block that spike at the end of a step.
#ifndef ENGRAM_NEURON_WHO_SPIKES_HPP
#define ENGRAM_NEURON_WHO_SPIKES_HPP

#include <engram/neuron/arrays.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace engram::neurons {

template <class T> constexpr std::array<T, ENGRAM_BLOCK> filled(T value) {
  std::array<T, ENGRAM_BLOCK> out{};
  for (T &x : out) x = value;
  return out;
}
/// What stands for `passed` and `highest` of a block where the host gives none.
template <class T> inline constexpr auto never_passed = filled<T>(0);
template <class T> inline constexpr auto never_higher = filled<T>(-std::numeric_limits<T>::infinity());

/// The neurons of a block, as a step has left them. Neurons that a spike does not reset spike where they cross their
/// threshold upwards.
template <class T> struct AtTheEnd {
  bool resets;
  const T *v, *held, *before;
  const T *within; ///< of neurons that are reset `passed`, of others `highest`; null: the host gives none
};

/// Calls each(i) for those of `count` neurons that spike. top(i): the threshold. Errors: std::runtime_error for one
/// that is not a number.
template <class T, class Top, class Each>
inline void each_that_spikes(const AtTheEnd<T> &end, std::size_t count, const Top &top, const Each &each) {
  using Mask = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>; // as wide as T: one vector holds both
  constexpr std::size_t group = 64;
  const bool resets = end.resets;
  const T *v = end.v, *held = end.held, *before = end.before;
  const T *within = end.within != nullptr ? end.within : resets ? never_passed<T>.data() : never_higher<T>.data();
  const auto spikes_now = [&](std::size_t i) -> Mask { // or has no threshold
    const T at = top(i);
    const Mask free = held[i] == T(0), over = v[i] >= at, lost = at != at;
    if (resets) return lost | (free & (over | Mask(within[i] != T(0))));
    return lost | (free & (over | Mask(within[i] >= at)) & Mask(!(before[i] >= at)));
  };
  for (std::size_t begin = 0; begin < count; begin += group) { // few spike: vector code finds where one does
    const std::size_t stop = count - begin < group ? count : begin + group;
    Mask any = 0;
    ENGRAM_EACH_NEURON
    for (std::size_t i = begin; i < stop; ++i) any |= spikes_now(i);
    for (std::size_t i = begin; any != 0 && i < stop; ++i) {
      if (spikes_now(i) == 0) continue;
      if (const T at = top(i); at != at) throw std::runtime_error("a threshold is not a number");
      each(i);
    }
  }
}

} // namespace engram::neurons

#endif
