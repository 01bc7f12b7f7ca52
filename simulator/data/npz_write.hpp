// npz_of() writes arrays as NumPy does.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace engram::data {

/// Numbers in row-major order, or texts of one axis.
struct NamedArray {
  std::string key;
  std::vector<std::size_t> shape;
  std::variant<std::vector<double>, std::vector<std::string>> values;
};

/// The bytes of an .npz archive, stored without compression: float64, and texts as NumPy's str. Errors: Failed for more
/// than 4 GB, which a zip of this form cannot hold, or more than 65535 arrays; std::invalid_argument for a shape that
/// has not as many values, and for a key that stands twice.
std::string npz_of(const std::vector<NamedArray> &arrays);

} // namespace engram::data
