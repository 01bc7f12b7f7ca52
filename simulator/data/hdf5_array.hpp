// These functions read whole datasets of an HDF5 file that another program wrote.
#pragma once

#include "data/array.hpp"
#include "data/hdf5.hpp"

#include <string>
#include <vector>

namespace engram::data::hdf5 {

/// A dataset of numbers or bool, in row-major order. bool and uint8 stay bytes, other integers become int64, floats of
/// up to 4 bytes float, longer ones double; a single value has shape {1}, an empty dataspace {0}. Errors: Failure, also
/// for integers above 2^63 - 1 and for what holds no numbers.
Array read_array(hid_t dataset);

/// Does it hold lists of numbers, each of a length of its own (HDF5's variable length)?
bool holds_lists(hid_t dataset);
/// Each list of such a dataset, in row-major order. Errors: Failure.
std::vector<std::vector<double>> read_lists(hid_t dataset);

/// Paths of all datasets below `group` that hold numbers or lists, as "group/data"; what only a link leads to is left
/// out.
std::vector<std::string> array_paths(hid_t group);

/// The dataset or group at `key` below the root of `file`. Errors: Failure that begins with `path` and names what there
/// is.
Handle find_object(hid_t file, const std::string &key, const std::string &path);

} // namespace engram::data::hdf5
