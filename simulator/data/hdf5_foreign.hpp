// open_foreign() is the only way in which engram opens an HDF5 file that another program wrote.
#pragma once

#include "data/hdf5.hpp"

#include <string>
#include <vector>

namespace engram::data::hdf5 {

struct ForeignFile {
  Handle file;
  std::vector<std::string> outside; ///< files of its folder that it takes values from (hdf5_outside.hpp)
};

/// Opens `path` for reading, after a child process has walked all of it and read the beginning and end of all values:
/// on a damaged file HDF5 may crash, and that is then the child's end.
/// Errors: DataError, one line that begins with the path: it is no regular file, is damaged, or takes values from where
/// it should not.
ForeignFile open_foreign(const std::string &path);

} // namespace engram::data::hdf5
