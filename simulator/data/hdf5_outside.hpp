// This finds the other files that an HDF5 file takes objects or values from, by external links, external storage and
// virtual datasets.
//
// HDF5 follows all three without a word, wherever they lead. A file from elsewhere could so show the content of any
// file that its reader may open. Here they are followed only to files in the same folder or below it.
#pragma once

#include <string>
#include <vector>

namespace engram::data::hdf5 {

/// The other files that `path`, and those files in turn, take objects or values from, each once, as they are named
/// below the folder of `path`. Looks at the links and the layout of every object, and reads no values. An external link
/// whose file is not there is passed over: it leads nowhere. Call it where a fault of the library does no harm
/// (isolated.hpp).
/// Errors: Failure, one line that begins with `path`: a file that is not in its folder or below it, or only
/// through a symbolic link; values whose file is not there, or is too short (HDF5 would give zeros or the fill value
/// instead); a virtual dataset over files that are counted by a pattern; chunks that would unpack to more than their
/// place.
std::vector<std::string> outside_files(const std::string &path);

} // namespace engram::data::hdf5
