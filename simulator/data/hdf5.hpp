// This wraps HDF5's C interface: handles that close themselves, and the few operations that a run file needs.
//
// Everything here throws Failure, and prints nothing. HDF5 is not safe to call from several threads at once: a caller
// keeps one file, its reader and its writer in one thread.
#pragma once

#include "error/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// HDF5 1.12 and later keep the functions and structs of 1.10 under this name. Nothing else may include hdf5.h first.
#ifndef H5_USE_110_API
#define H5_USE_110_API
#endif
#include <hdf5.h>

namespace engram::data::hdf5 {

/// HDF5, or the system beneath it, cannot read or write: one line, "FILE: /object: what: reason".
class Failure : public Failed {
public:
  using Failed::Failed;
};

/// Keeps HDF5's own error printing quiet for as long as it lives, and restores what the program had set before.
class Quiet {
public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet &) = delete;
  Quiet &operator=(const Quiet &) = delete;

private:
  H5E_auto2_t function_ = nullptr;
  void *data_ = nullptr;
};

/// Owner of one HDF5 identifier of any kind.
class Handle {
public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle &&other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle &operator=(Handle &&other) noexcept;
  ~Handle() { reset(); }
  void reset();
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

private:
  hid_t id_ = H5I_INVALID_HID;
};

/// Throws with the file and path of `object` and HDF5's innermost reason.
[[noreturn]] void fail(hid_t object, const std::string &what);
/// The reason that HDF5 gives for the last failed call; "" when it gives none.
std::string reason();

/// The HDF5 type in memory of a C++ type.
template <class T> hid_t memory_type();
template <> hid_t memory_type<float>();
template <> hid_t memory_type<double>();
template <> hid_t memory_type<std::int8_t>();
template <> hid_t memory_type<std::int64_t>();
template <> hid_t memory_type<std::uint64_t>();
/// Strings of variable length, UTF-8 (or ASCII, as NWB writes dates).
Handle text_type(H5T_cset_t characters = H5T_CSET_UTF8);
/// FALSE and TRUE in one byte, the way h5py writes a bool.
Handle boolean_type();

// Writing.
Handle create_group(hid_t parent, const std::string &name);
void set_attribute(hid_t object, const std::string &name, const std::string &value);
void set_attribute(hid_t object, const std::string &name, const std::vector<std::string> &values);
void set_attribute(hid_t object, const std::string &name, double value);
void set_attribute(hid_t object, const std::string &name, std::int32_t value);
void write_text(hid_t parent, const std::string &name, const std::string &value, H5T_cset_t characters = H5T_CSET_UTF8);
/// A dataset of one axis.
void write_texts(hid_t parent, const std::string &name, const std::vector<std::string> &values);
/// Takes an object out of a group.
void remove(hid_t parent, const std::string &name);

struct Layout {
  std::vector<hsize_t> shape;
  std::vector<hsize_t> limit;  ///< H5S_UNLIMITED where it may grow; empty: as `shape`
  std::vector<hsize_t> chunk;  ///< empty: one contiguous block
  bool compress = false;       ///< shuffle and deflate; needs chunks
  bool fill_nan = false;       ///< what was never written reads as NaN
  std::size_t cache_bytes = 0; ///< of the chunk cache; 0: room for one chunk
};
Handle create_dataset(hid_t parent, const std::string &name, hid_t type, const Layout &layout);
std::vector<hsize_t> shape(hid_t dataset);
void set_shape(hid_t dataset, const std::vector<hsize_t> &shape);
/// Writes the block of `count` values an axis that begins at `first`; `values` in row-major order.
void write_block(hid_t dataset, hid_t type, const std::vector<hsize_t> &first, const std::vector<hsize_t> &count,
                 const void *values);

// Reading, in a child process where another program may have written or damaged the file (hdf5_foreign.hpp). Every size
// is checked against what is stored before memory is taken.
Handle open_read(const std::string &path);
bool exists(hid_t parent, const std::string &name);
Handle open_group(hid_t parent, const std::string &name);
Handle open_dataset(hid_t parent, const std::string &name);
std::vector<std::string> children(hid_t group);
bool has_attribute(hid_t object, const std::string &name);
std::string text_attribute(hid_t object, const std::string &name);
/// Number of values in a block of `count` an axis; throws where that is more than the file can possibly hold.
std::size_t checked_size(hid_t dataset, const std::vector<hsize_t> &count, std::size_t value_size);
/// All the strings of a dataset of rank 0 or 1.
std::vector<std::string> read_texts(hid_t dataset);
/// Numbers only. `first` and `count` must lie within the dataset.
template <class T>
void read_block(hid_t dataset, const std::vector<hsize_t> &first, const std::vector<hsize_t> &count, T *values);
/// The whole of a numeric dataset, in row-major order.
template <class T> std::vector<T> read_all(hid_t dataset);

} // namespace engram::data::hdf5
