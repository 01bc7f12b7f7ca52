// This is the reading half of hdf5.hpp. It checks each size against what the file can hold before it takes memory.
#include "data/hdf5.hpp"

#include "data/hdf5_filter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace engram::data::hdf5 {

namespace {
/// Deflate cannot shrink more than 1032-fold, so what claims more than that of what is stored is not real data.
constexpr hsize_t largest_ratio = 1100;
/// Up to here a claim is believed in any case: gaps that were never written take no room in a file.
constexpr hsize_t always_allowed = hsize_t{256} << 20;
} // namespace

std::size_t checked_size(hid_t dataset, const std::vector<hsize_t> &count, std::size_t value_size) {
  hsize_t bytes = value_size;
  for (const auto extent : count)
    if (__builtin_mul_overflow(bytes, extent, &bytes)) fail(dataset, "is too large");
  const hsize_t stored = H5Dget_storage_size(dataset);
  if (bytes > always_allowed && bytes / largest_ratio > stored)
    fail(dataset, "claims " + std::to_string(bytes) + " bytes, but the file holds " + std::to_string(stored));
  return static_cast<std::size_t>(bytes / value_size);
}

Handle open_read(const std::string &path) {
  // The operating system names its reason better than HDF5 does.
  errno = 0;
  if (!std::ifstream(path, std::ios::binary))
    throw Failure(path + ": cannot be opened: " + std::strerror(errno == 0 ? EIO : errno));
  const Quiet quiet;
  register_lzf();
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  if (file) return file;
  const auto why = reason();
  if (why == std::strerror(EAGAIN)) // its lock is held
    throw Failure(path + ": is being written by another program");
  unsigned long long there = 0,
                     claimed = 0; // "truncated file: eof = 3924, sblock->base_addr = 512, stored_eof = 15696"
  if (std::sscanf(why.c_str(), "truncated file: eof = %llu, sblock->base_addr = %*u, stored_eof = %llu", &there,
                  &claimed) == 2)
    throw Failure(path + ": is truncated: of " + std::to_string(claimed) + " bytes, the first " +
                  std::to_string(there) + " are there");
  throw Failure(path + ": is not a readable HDF5 file: " + why);
}

bool exists(hid_t parent, const std::string &name) {
  const Quiet quiet;
  return H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0;
}

Handle open_group(hid_t parent, const std::string &name) {
  const Quiet quiet;
  Handle group(H5Gopen2(parent, name.c_str(), H5P_DEFAULT));
  if (!group) fail(parent, "has no group " + name);
  return group;
}

Handle open_dataset(hid_t parent, const std::string &name) {
  const Quiet quiet;
  Handle dataset(H5Dopen2(parent, name.c_str(), H5P_DEFAULT));
  if (!dataset) fail(parent, "has no dataset " + name);
  return dataset;
}

std::vector<std::string> children(hid_t group) {
  const Quiet quiet;
  std::vector<std::string> names;
  const auto add = [](hid_t, const char *name, const H5L_info_t *, void *out) -> herr_t {
    static_cast<std::vector<std::string> *>(out)->emplace_back(name);
    return 0;
  };
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0) fail(group, "cannot be listed");
  return names;
}

bool has_attribute(hid_t object, const std::string &name) {
  const Quiet quiet;
  return H5Aexists(object, name.c_str()) > 0;
}

std::string text_attribute(hid_t object, const std::string &name) {
  const Quiet quiet;
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  if (!attribute) fail(object, "has no attribute " + name);
  const Handle type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
  if (H5Tis_variable_str(type.get()) <= 0 || H5Sget_simple_extent_npoints(space.get()) != 1)
    fail(object, "attribute " + name + " is not one text");
  char *text = nullptr;
  // Asked for as it is stored: HDF5 does not convert between character sets.
  if (H5Aread(attribute.get(), type.get(), &text) < 0) fail(object, "cannot read attribute " + name);
  std::string result = text == nullptr ? "" : text;
  H5free_memory(text);
  return result;
}

std::vector<std::string> read_texts(hid_t dataset) {
  const Quiet quiet;
  const auto extents = shape(dataset);
  const Handle type(H5Dget_type(dataset));
  if (extents.size() > 1 || H5Tis_variable_str(type.get()) <= 0) fail(dataset, "is not a list of texts");
  std::vector<char *> texts(checked_size(dataset, extents, sizeof(char *)));
  if (texts.empty()) return {};
  if (H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0) fail(dataset, "cannot be read");
  std::vector<std::string> result;
  for (const char *text : texts) result.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type.get(), Handle(H5Dget_space(dataset)).get(), H5P_DEFAULT, texts.data());
  return result;
}

template <class T>
void read_block(hid_t dataset, const std::vector<hsize_t> &first, const std::vector<hsize_t> &count, T *values) {
  const Quiet quiet;
  const Handle type(H5Dget_type(dataset));
  const auto kind = H5Tget_class(type.get());
  // HDF5 refuses to convert an enumeration to any other number: a bool is read by its own type, of one byte.
  const bool is_boolean = kind == H5T_ENUM && sizeof(T) == 1 && H5Tget_size(type.get()) == 1;
  if (kind != H5T_INTEGER && kind != H5T_FLOAT && !is_boolean) fail(dataset, "does not hold numbers");
  const auto extents = shape(dataset);
  if (extents.size() != first.size() || extents.size() != count.size()) fail(dataset, "has another number of axes");
  for (std::size_t axis = 0; axis < extents.size(); ++axis)
    if (first[axis] > extents[axis] || count[axis] > extents[axis] - first[axis])
      fail(dataset, "is shorter than asked");
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return;
  const hid_t in_memory = is_boolean ? type.get() : memory_type<T>();
  herr_t status = -1;
  if (extents.empty()) {
    status = H5Dread(dataset, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  } else {
    const Handle file(H5Dget_space(dataset));
    const Handle memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr));
    if (H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr) >= 0)
      status = H5Dread(dataset, in_memory, memory.get(), file.get(), H5P_DEFAULT, values);
  }
  if (status < 0) fail_to_read(dataset);
}

template <class T> std::vector<T> read_all(hid_t dataset) {
  const auto extents = shape(dataset);
  std::vector<T> values(checked_size(dataset, extents, sizeof(T)));
  read_block(dataset, std::vector<hsize_t>(extents.size(), 0), extents, values.data());
  return values;
}

template void read_block(hid_t, const std::vector<hsize_t> &, const std::vector<hsize_t> &, double *);
template void read_block(hid_t, const std::vector<hsize_t> &, const std::vector<hsize_t> &, std::int8_t *);
template void read_block(hid_t, const std::vector<hsize_t> &, const std::vector<hsize_t> &, std::int64_t *);
template void read_block(hid_t, const std::vector<hsize_t> &, const std::vector<hsize_t> &, std::uint64_t *);
template std::vector<double> read_all(hid_t);
template std::vector<std::int8_t> read_all(hid_t);
template std::vector<std::int64_t> read_all(hid_t);
template std::vector<std::uint64_t> read_all(hid_t);

} // namespace engram::data::hdf5
