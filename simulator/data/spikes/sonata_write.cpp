#include "data/spikes/sonata_write.hpp"

#include "data/hdf5.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace engram::data {

namespace {

void put_attribute(hid_t object, const char *name, const hdf5::Handle &type, const hdf5::Handle &space, hid_t memory,
                   const void *value) {
  const hdf5::Quiet quiet;
  const hdf5::Handle attribute(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
  if (!attribute || H5Awrite(attribute.get(), memory, value) < 0)
    hdf5::fail(object, std::string("cannot write attribute ") + name);
}

// By which readers know the format and its version, 0.1.
void mark_as_sonata(hid_t file) {
  const std::uint32_t magic = 0x0A7A, version[2] = {0, 1};
  const hsize_t two = 2;
  const hdf5::Handle type(H5Tcopy(H5T_STD_U32LE)), one(H5Screate(H5S_SCALAR)), pair(H5Screate_simple(1, &two, nullptr));
  put_attribute(file, "magic", type, one, H5T_NATIVE_UINT32, &magic);
  put_attribute(file, "version", type, pair, H5T_NATIVE_UINT32, version);
}

void mark_as_sorted_by_time(hid_t group) {
  const hdf5::Handle type(H5Tenum_create(H5T_STD_U8LE)), one(H5Screate(H5S_SCALAR));
  for (const auto &[name, value] : {std::pair{"none", std::uint8_t{0}}, {"by_id", 1}, {"by_time", 2}})
    H5Tenum_insert(type.get(), name, &value);
  const std::uint8_t by_time = 2;
  put_attribute(group, "sorting", type, one, type.get(), &by_time);
}

template <class T> hdf5::Handle put_list(hid_t group, const char *name, const std::vector<T> &values) {
  hdf5::Layout layout;
  layout.shape = {values.size()};
  const hid_t type = hdf5::memory_type<T>();
  hdf5::Handle dataset = hdf5::create_dataset(group, name, type, layout);
  if (!values.empty()) hdf5::write_block(dataset.get(), type, {0}, {values.size()}, values.data());
  return dataset;
}

void put_population(hid_t spikes, const SonataSpikes &from) {
  std::vector<std::size_t> order(from.times_ms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return from.times_ms[a] < from.times_ms[b]; });
  std::vector<std::uint64_t> nodes;
  std::vector<double> times;
  for (const std::size_t k : order) {
    nodes.push_back(from.nodes.at(k));
    times.push_back(from.times_ms[k]);
  }
  const hdf5::Handle group = hdf5::create_group(spikes, from.population);
  mark_as_sorted_by_time(group.get());
  put_list(group.get(), "node_ids", nodes);
  hdf5::set_attribute(put_list(group.get(), "timestamps", times).get(), "units", "ms");
}

void put_all(hid_t file, const std::vector<SonataSpikes> &populations) {
  mark_as_sonata(file);
  const hdf5::Handle spikes = hdf5::create_group(file, "spikes");
  for (const auto &population : populations) put_population(spikes.get(), population);
}

[[noreturn]] void refuse_writing(const std::string &path, const std::string &why) {
  throw hdf5::Failure(path + ": cannot be written: " + why);
}

// Some disks tell only here that they are full. Asked before the file is closed: HDF5 1.10.8 ends in a fault, as the
// program ends, where closing has failed.
void sync(hid_t file, const std::string &path) {
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) refuse_writing(path, hdf5::reason());
  void *descriptor = nullptr;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) < 0) refuse_writing(path, hdf5::reason());
  if (::fsync(*static_cast<const int *>(descriptor)) != 0) refuse_writing(path, std::strerror(errno));
}

} // namespace

void write_sonata(const std::string &path, const std::vector<SonataSpikes> &populations) {
  const std::string beside = path + ".part-" + std::to_string(::getpid());
  try {
    const hdf5::Quiet quiet;
    const hid_t file = H5Fcreate(beside.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    if (file < 0) refuse_writing(path, hdf5::reason());
    try {
      put_all(file, populations);
      sync(file, path);
    } catch (...) {
      H5Fclose(file);
      throw;
    }
    if (H5Fclose(file) < 0) refuse_writing(path, hdf5::reason());
    std::error_code error;
    std::filesystem::rename(beside, path, error);
    if (error) refuse_writing(path, error.message());
  } catch (...) { // whatever it is goes on, without half a file
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    throw;
  }
}

} // namespace engram::data
