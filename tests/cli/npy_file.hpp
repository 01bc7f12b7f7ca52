// This writes .npy files of doubles that tests hand to the program.
#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace command {

/// Writes `values` in the folder as `name`, an array of this shape in C order (NumPy's format 1.0).
inline void write_numbers(const Folder &folder, const std::string &name, const std::vector<std::size_t> &shape,
                          const std::vector<double> &values) {
  std::string axes;
  for (const std::size_t length : shape) axes += std::to_string(length) + ", ";
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + axes + "), }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 255);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(double));
  folder.write(name, bytes);
}

} // namespace command
