// These functions deal with the filters that pack the chunks of HDF5 datasets.
#pragma once

#include "data/hdf5.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace engram::data::hdf5 {

/// Teaches HDF5 to read the LZF filter, number 32000, which h5py writes and HDF5 itself lacks. Later calls do nothing,
/// and neither does the first where HDF5 knows the filter already.
void register_lzf();

/// Unpacks a block of LZF (Lehmann, liblzf 3.6: lzf_d.c): after a byte c below 32 come c + 1 bytes as they are; else
/// c's upper three bits are a length, 7 for "add the next byte", and its lower five with the next byte a distance d;
/// copied are length + 2 bytes from d + 1 bytes back. With `to` empty, only the size is found. Returns the size of what
/// is unpacked; 0 where the block is damaged, or is larger than `to`.
std::size_t unpack_lzf(std::span<const unsigned char> block, std::span<unsigned char> to);

/// "filter 32001 (blosc)": the first filter of a dataset that is not to be had here; "" where all are.
std::string missing_filter(hid_t dataset);

/// Throws Failure: the values cannot be read, for a filter that is missing or for HDF5's own reason.
[[noreturn]] void fail_to_read(hid_t dataset);

} // namespace engram::data::hdf5
