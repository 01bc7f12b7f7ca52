// A MatKey names a place in a MATLAB file, in MATLAB's own notation: "RDMs(2,1).name", "cells{3}".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace engram::data {

struct MatStep {
  enum Kind { field, elements, content }; ///< .name, (2,1), {3}
  Kind kind = field;
  std::string name;               ///< of a field
  std::vector<std::size_t> index; ///< from 1, as MATLAB counts
};

struct MatKey {
  std::string variable;
  std::vector<MatStep> steps;
};

/// Errors: DataError that begins with `file`.
MatKey parse_mat_key(const std::string &key, const std::string &file);

/// Place from 0, in MATLAB's column-major order, of the element `index` (from 1) of an array of shape `shape`: by one
/// number, or by one for each axis. Axes of length 1 may be left out ("(2,1)" of a 1×4×2 array), unless MATLAB, which
/// takes the last number for all axes that are left, would find another element. Errors: DataError that begins with
/// `where`.
std::size_t mat_element(const std::vector<std::size_t> &index, const std::vector<std::size_t> &shape,
                        const std::string &where = "");

/// "1×4×2".
std::string mat_shape(const std::vector<std::size_t> &shape);

} // namespace engram::data
