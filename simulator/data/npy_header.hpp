// This parses the header of a NumPy .npy file, which is a Python dictionary written as text, and the values after it.
#pragma once

#include "data/array.hpp"
#include "data/byte_source.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

struct NpyHeader {
  char kind = 0;              ///< 'b', 'i', 'u' or 'f'
  std::size_t bytes_each = 0; ///< 1, 2, 4 or 8
  bool big_endian = false;
  bool fortran_order = false; ///< the first axis is the fastest
  std::vector<std::size_t> shape;
  std::size_t count = 0;       ///< number of values
  std::size_t data_begins = 0; ///< offset of the first value
};

/// `bytes` may end after the header. Errors: DataError that begins with `name`.
NpyHeader parse_npy_header(std::span<const std::byte> bytes, const std::string &name);

/// The header at the beginning of an npy file. No byte beyond it is taken. Errors: DataError that begins with `name`.
NpyHeader read_npy_header(const ByteSource &source, const std::string &name);

/// Where value number `value` of an array, in row-major order, stands in the file, counted in values. `value` must be
/// below `header.count`.
std::size_t npy_place(const NpyHeader &header, std::size_t value);

/// The values of an array of that header. Errors: DataError that begins with `name`, also where `data` is not as long
/// as the header claims.
Array npy_values(std::span<const std::byte> data, const NpyHeader &header, const std::string &name);

/// No header that is read is longer: enough of a file's beginning for parse_npy_header.
inline constexpr std::size_t npy_header_limit = std::size_t{1} << 16;

} // namespace engram::data
