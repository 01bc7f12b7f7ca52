// These functions turn numbers as files store them, in either byte order, into numbers of this machine.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace engram::data {

/// IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) as a float; exact.
inline float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fu, fraction = half & 0x3ffu;
  if (exponent == 0) { // zero and subnormals: fraction · 2⁻²⁴
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255u : exponent + 112u; // bias 15 becomes 127
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// One number of type T at `from`, which need not be aligned.
template <class T> T decode(const std::byte *from, bool big_endian) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (big_endian != (std::endian::native == std::endian::big)) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

/// Stands for binary16 in a list of types.
struct Half {
  std::uint16_t bits;
};

} // namespace engram::data
