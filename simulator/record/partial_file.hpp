// A file that is written under another name until it is whole, and that survives its writer.
#pragma once

#include "data/hdf5.hpp"

#include <string>

namespace engram::record {

namespace hdf5 = data::hdf5;

/// Throws std::runtime_error when `path` could not be written at the end, or another program has `partial` open.
void check_writable(const std::string &path, const std::string &partial);
/// Creates an HDF5 file whose content on the disk changes at a flush only: metadata stay in memory until then, and
/// space that was freed is not used again, so that no compressed chunk of the last flush is overwritten.
hdf5::Handle create_crash_safe(const std::string &path);
/// Space freed at the end of a file would be given back and used again all the same. An object without a name that
/// lies there, for as long as its handle lives, keeps the chunks of the last flush from that.
hdf5::Handle occupy_end(hid_t file);
/// Brings the file to the disk and gives it its name.
void sync_and_rename(const std::string &partial, const std::string &path);

} // namespace engram::record
