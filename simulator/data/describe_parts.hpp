// Each kind of file has one function here, and describe_file.cpp picks it. All of them run in a child process, so they
// may call HDF5 and matio directly.
#pragma once

#include "data/array.hpp"
#include "data/hdf5.hpp"
#include "data/node.hpp"

#include <string>

namespace engram::data {

FileDescription describe_npy(const std::string &path);
FileDescription describe_npz(const std::string &path);
FileDescription describe_idx(const std::string &path);
FileDescription describe_csv(const std::string &path);
FileDescription describe_mat(const std::string &path);
FileDescription describe_hdf5(const std::string &path); ///< also NWB
FileDescription describe_nwb(const std::string &path);
FileDescription describe_pictures(const std::string &path);

/// Type, shape and first values.
Node array_node(const std::string &name, const Array &array);
/// Fills `texts` with the first distinct ones, and counts them.
void set_distinct(Node &node, const std::vector<std::string> &texts);

/// A dataset of any HDF5 file. Errors as in hdf5.hpp.
Node dataset_node(hid_t dataset, const std::string &name);

} // namespace engram::data
