// These functions unpack the strips of a TIFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace engram::data {

/// Appends what a strip holds, and no more than `most` bytes. A damaged strip gives fewer.
using UnpackStrip = void (*)(std::span<const std::byte> packed, std::size_t most, std::vector<std::uint8_t> &out);

/// For a field Compression: 1 (not packed), 5 (LZW), 8 and 32946 (deflate), 32773 (PackBits). Null for all others.
UnpackStrip strip_unpacker(std::uint32_t compression);

/// Undoes the field Predictor 2: each value but the first of a row is a difference to the one before, of the same
/// colour. `row` bytes a row, `samples` values a pixel, of one byte or (`wide`) two.
void add_differences(std::vector<std::uint8_t> &stored, std::size_t row, std::size_t samples, bool wide, bool little);

} // namespace engram::data
