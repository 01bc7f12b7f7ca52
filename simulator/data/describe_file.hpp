// describe_file() says what a file holds, for every kind of file that engram reads.
#pragma once

#include "data/node.hpp"

#include <string>

namespace engram::data {

/// NWB and other HDF5, NumPy .npy and .npz, MATLAB .mat, IDX, and text with columns: known by the name's ending, or
/// else by the first bytes. Large data are not read: of each array only the first values, of tables the first rows.
/// Errors: DataError, one line that begins with `path`, for a file that is of no such kind or is damaged.
FileDescription describe_file(const std::string &path);

} // namespace engram::data
