// describe_file() says what a file holds, for every kind of file that engram reads.
#pragma once

#include "data/node.hpp"

#include <string>

namespace engram::data {

/// NWB, SONATA and other HDF5, a folder of phy, NumPy .npy and .npz, MATLAB .mat, IDX, and text with columns: known by
/// the name's ending, or else by the first bytes. Of each array the first values are told, of tables the first rows. Of
/// npy and HDF5 no more is read; npz, IDX and text are read to their end, a block at a time, so that damage is found.
/// Memory does not grow with the file but for MATLAB's variables. Errors: DataError, one line that begins with `path`,
/// for a file that is of no such kind or is damaged.
FileDescription describe_file(const std::string &path);

} // namespace engram::data
