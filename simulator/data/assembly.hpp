// read_assembly() reads a netCDF-4 file, which is HDF5 whose arrays name their axes, as xarray and Brain-Score write
// it.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

/// What is said of each place along an axis, as "stimulus_id" along "presentation": xarray's coordinates.
struct AssemblyColumn {
  std::string name, axis;
  std::vector<std::string> texts; ///< of a column of texts
  std::vector<double> numbers;    ///< of a column of numbers
};

struct Assembly {
  std::string name, unit;
  Array values;                  ///< unpacked by scale_factor and add_offset; NaN where the file has its fill value
  std::vector<std::string> axes; ///< a name for each axis of the array
  std::vector<AssemblyColumn> columns;
};

/// The array `key`, or the only one of two axes or more. A child process reads it. Errors: DataError that begins with
/// the path.
Assembly read_assembly(const std::string &path, const std::string &key);

/// Is it netCDF-4 by its ending: .nc or .nc4?
bool is_assembly(const std::string &path);

} // namespace engram::data
