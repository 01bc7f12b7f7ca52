// These functions describe spike trains for `engram inspect`.
#pragma once

#include "data/hdf5.hpp"
#include "data/node.hpp"

#include <string>

namespace engram::data {

/// A folder of phy. Errors: DataError.
FileDescription describe_phy(const std::string &path);

/// Adds to the description of an HDF5 file what its spikes and reports are, where they are SONATA's. For a child
/// process. Errors: hdf5::Failure.
void describe_sonata(hid_t file, FileDescription &description);

} // namespace engram::data
