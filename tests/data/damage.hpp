// This makes damaged files from a good one by a fixed sequence of random changes.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace engram::data::testing {

/// Bytes changed, bits flipped, a run of bytes overwritten, or the end cut off.
inline std::vector<std::byte> damaged(std::vector<std::byte> bytes, std::mt19937 &random) {
  const auto any = [&] { return static_cast<std::byte>(random() & 0xffu); };
  const auto changes = 1 + random() % 4;
  for (std::size_t c = 0; c < changes && !bytes.empty(); ++c) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 8) {
    case 0:
      bytes.resize(at);
      break;
    case 1:
      for (std::size_t i = at; i < bytes.size() && i < at + 8; ++i) bytes[i] = std::byte{0xff};
      break;
    case 2:
    case 3:
      bytes[at] ^= static_cast<std::byte>(1u << random() % 8);
      break;
    default:
      bytes[at] = any();
      break;
    }
  }
  return bytes;
}

} // namespace engram::data::testing
