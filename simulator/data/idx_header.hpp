// This parses the header of an IDX file, and the values after it.
#pragma once

#include "data/array.hpp"
#include "data/byte_source.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

struct IdxHeader {
  unsigned type = 0;          ///< 0x08 … 0x0e, the third byte
  std::size_t bytes_each = 0; ///< of one value
  std::size_t begins = 0;     ///< offset of the first value
  std::size_t count = 0;      ///< number of values
  std::vector<std::size_t> shape;
};

/// `bytes` may end after the header. Errors: DataError that begins with `name`.
IdxHeader parse_idx_header(std::span<const std::byte> bytes, const std::string &name);
/// The header at the beginning of an IDX file. No byte beyond it is taken.
IdxHeader read_idx_header(const ByteSource &source, const std::string &name);
/// "uint8", "int16", …
std::string idx_type(const IdxHeader &header);
/// The values of an array of that header. Errors: also where `data` is not as long as the header claims.
Array idx_values(std::span<const std::byte> data, const IdxHeader &header, const std::string &name);

/// No header is longer.
inline constexpr std::size_t idx_header_limit = 4 + 4 * 255;

} // namespace engram::data
