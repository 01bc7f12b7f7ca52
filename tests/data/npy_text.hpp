// npy_text() writes an array as NumPy does.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace engram::data::testing {

/// The bytes of an npy file of version 1; `type` as NumPy calls it ("<f8"), of this machine's byte order. The header
/// ends at 128 bytes.
template <class T>
std::string npy_text(const std::string &type, const std::vector<std::size_t> &shape, const std::vector<T> &values) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
  for (const std::size_t extent : shape) text += std::to_string(extent) + ",";
  text += "), }";
  text.resize(117, ' ');
  std::string bytes = std::string("\x93NUMPY\x01\0\x76\0", 10) + text + '\n';
  bytes.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  return bytes;
}

} // namespace engram::data::testing
