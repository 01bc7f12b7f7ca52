// Random numbers are a function of (seed, what, index). Nothing is drawn in an order, so results do not depend on
// threads, on batch sizes, or on what else is random. The generator is Philox4x32-10 (Salmon et al. 2011), from
// Random123.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace engram::numeric {

/// The purpose of a stream of random numbers.
enum class Purpose : std::uint32_t {
  weights = 1,
  parameters,
  initial,
  noise,
  shuffle,
  split,
  sign,
  perturbation,
  choice,
  label,
  resample,
  connectivity,
  delay,
  spikes
};

/// A stream: one key. Values are found by index.
struct Random {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::weights;
  std::uint32_t which = 0; ///< region or projection, by name_key()

  /// Four 32-bit words for a counter of three numbers.
  std::array<std::uint32_t, 4> words(std::uint64_t index, std::uint64_t outer = 0) const;
  /// Uniform in (0, 1).
  double uniform(std::uint64_t index, std::uint64_t outer = 0) const;
  /// Standard normal (Box & Muller 1958).
  double normal(std::uint64_t index, std::uint64_t outer = 0) const;
  /// out[k] = uniform 32-bit number of index first + k; `first` is a multiple of 4.
  void integers(std::uint32_t *out, std::size_t count, std::uint64_t first, std::uint64_t outer) const;
  /// out[k] = standard normal of index k.
  template <class T> void normals(T *out, std::size_t count, std::uint64_t outer = 0) const;
};

/// A number for a name (FNV-1a), so that adding a region does not change the numbers of another.
std::uint32_t name_key(std::string_view name);

/// 0 … count−1 in random order (Fisher & Yates).
std::vector<std::size_t> permutation(const Random &random, std::size_t count, std::uint64_t outer = 0);

} // namespace engram::numeric
