// These functions decode the bytes of one file of pictures. They run in a child process.
#pragma once

#include "data/array.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

/// Row by row, from the top; the channels of a pixel follow each other.
struct Picture {
  std::size_t height = 0, width = 0, channels = 1; ///< channels: 1, or 3 (red, green, blue)
  bool wide = false;                               ///< 16 bits a value, else 8
  std::vector<std::uint16_t> values;
};

/// The number of values of a picture. Errors: DataError that begins with `name` for none, and for more than 2^28.
std::size_t values_of_picture(std::size_t height, std::size_t width, std::size_t channels, const std::string &name);

// Errors of all: DataError that begins with `name`.

/// 16 bits a value where the file has them, else 8; palettes become colours, or grey values where all are grey.
Picture decode_png(std::span<const std::byte> bytes, const std::string &name);
/// Grey or colour. A file that ends early is damaged.
Picture decode_jpeg(std::span<const std::byte> bytes, const std::string &name);
/// The pages of a baseline TIFF (revision 6.0) of 8 or 16 bits, grey or RGB, stored as they are or by PackBits.
std::vector<Picture> decode_tiff(std::span<const std::byte> bytes, const std::string &name);

} // namespace engram::data
