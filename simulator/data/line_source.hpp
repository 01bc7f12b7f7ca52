// A LineSource gives the lines of a text that need not fit into memory.
#pragma once

#include "data/byte_source.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace engram::data {

/// Lines end with \n, \r\n or \r. A byte-order mark at the beginning is left out.
class LineSource {
public:
  /// Reads `block` bytes at a time, at least 3.
  explicit LineSource(ByteSource source, std::size_t block = std::size_t{1} << 16)
      : source_(std::move(source)), block_(block) {}
  /// The next line, which stands until the next call; false when there are no more. Errors: as of the source.
  bool next(std::string_view &line);
  std::size_t number() const { return number_; } ///< of the last line, from 1
  bool zero_byte() const { return zero_byte_; }  ///< there was one: this is no text

private:
  bool fill();
  ByteSource source_;
  std::size_t block_;
  std::string buffer_; ///< from `at_` on: what is not given yet
  std::size_t at_ = 0, number_ = 0;
  bool ended_ = false, zero_byte_ = false;
};

/// Does a line hold something: neither blank nor a comment, which begins with '#'?
bool holds_something(std::string_view line);

} // namespace engram::data
