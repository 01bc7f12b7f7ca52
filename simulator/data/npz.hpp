// each_npz() walks over the arrays of a NumPy archive, which is a zip of npy files.
#pragma once

#include "data/byte_source.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace engram::data {

/// Calls `use` for every array of an .npz archive, in its order, with its key and the bytes of its npy file. What `use`
/// leaves of them is passed over, unchecked. Returns how many other files are in the archive.
/// Errors: DataError that begins with the path, from `npy` too: the archive is damaged, or is none.
std::size_t each_npz(const std::string &path,
                     const std::function<void(const std::string &key, const ByteSource &npy)> &use);

} // namespace engram::data
