#include "data/hdf5_array.hpp"

#include "data/array_stream.hpp"
#include "data/hdf5_filter.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"
#include "data/printable.hpp"
#include "data/read.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace engram::data {

namespace hdf5 {

namespace {

constexpr std::size_t most_paths = 100'000, deepest_path = 64;

template <class T> std::vector<T> values_of(hid_t dataset, hid_t in_memory) {
  std::vector<T> values(checked_size(dataset, shape(dataset), sizeof(T)));
  const Quiet quiet;
  if (!values.empty() && H5Dread(dataset, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    fail_to_read(dataset);
  return values;
}

std::vector<std::int64_t> unsigned_values(hid_t dataset) {
  const auto stored = values_of<std::uint64_t>(dataset, H5T_NATIVE_UINT64);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (std::any_of(stored.begin(), stored.end(), [](std::uint64_t value) { return value > most; }))
    fail(dataset, "holds integers above 2^63 - 1, which are not read");
  return {stored.begin(), stored.end()};
}

Handle list_type() { return Handle(H5Tvlen_create(H5T_NATIVE_DOUBLE)); }

void add_paths(hid_t group, const std::string &path, std::size_t depth,
               std::set<std::pair<unsigned long, haddr_t>> &seen, std::vector<std::string> &paths) {
  if (depth > deepest_path) return;
  for (const std::string &name : children(group)) {
    if (!link_target(group, name).empty()) continue;
    const Handle object = open_object(group, name);
    if (!object || paths.size() >= most_paths || !seen.insert(identity(object.get())).second) continue;
    const std::string place = path.empty() ? name : path + "/" + name;
    if (is_dataset(object.get()) && (holds_numbers(object.get()) || holds_lists(object.get()))) paths.push_back(place);
    if (is_group(object.get())) add_paths(object.get(), place, depth + 1, seen, paths);
  }
}

} // namespace

Array read_array(hid_t dataset) {
  const Quiet quiet;
  if (!holds_numbers(dataset)) fail(dataset, "holds " + dataset_type(dataset) + ", not numbers");
  Array array;
  const auto extents = shape(dataset);
  array.shape.assign(extents.begin(), extents.end());
  if (is_null(dataset)) {
    array.shape = {0};
    array.values = std::vector<double>();
    return array;
  }
  if (extents.empty()) array.shape = {1};
  const Handle type(H5Dget_type(dataset));
  const std::size_t size = H5Tget_size(type.get());
  const auto kind = H5Tget_class(type.get());
  if (kind == H5T_ENUM) { // bool, of one byte; HDF5 converts no enumeration to a number
    array.values = values_of<std::uint8_t>(dataset, type.get());
  } else if (kind == H5T_INTEGER && H5Tget_sign(type.get()) == H5T_SGN_NONE) {
    if (size == 1)
      array.values = values_of<std::uint8_t>(dataset, H5T_NATIVE_UINT8);
    else
      array.values = unsigned_values(dataset);
  } else if (kind == H5T_INTEGER) {
    array.values = values_of<std::int64_t>(dataset, H5T_NATIVE_INT64);
  } else if (size <= sizeof(float)) {
    array.values = values_of<float>(dataset, H5T_NATIVE_FLOAT);
  } else {
    array.values = values_of<double>(dataset, H5T_NATIVE_DOUBLE);
  }
  return array;
}

bool holds_lists(hid_t dataset) {
  const Quiet quiet;
  const Handle type(H5Dget_type(dataset));
  if (H5Tget_class(type.get()) != H5T_VLEN) return false;
  const Handle each(H5Tget_super(type.get()));
  const auto kind = H5Tget_class(each.get());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

std::vector<std::vector<double>> read_lists(hid_t dataset) {
  const Quiet quiet;
  if (!holds_lists(dataset)) fail(dataset, "holds " + dataset_type(dataset) + ", not lists of numbers");
  if (is_null(dataset)) return {};
  std::vector<hvl_t> stored(checked_size(dataset, shape(dataset), sizeof(hvl_t)));
  if (stored.empty()) return {};
  const Handle type = list_type(), space(H5Dget_space(dataset));
  if (H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, stored.data()) < 0) fail_to_read(dataset);
  std::vector<std::vector<double>> lists;
  for (const hvl_t &one : stored) {
    const auto *begin = static_cast<const double *>(one.p);
    lists.emplace_back(begin, begin + (begin == nullptr ? 0 : one.len));
  }
  H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, stored.data());
  return lists;
}

std::vector<std::string> array_paths(hid_t group) {
  std::set<std::pair<unsigned long, haddr_t>> seen{identity(group)};
  std::vector<std::string> paths;
  add_paths(group, "", 0, seen, paths);
  return paths;
}

Handle find_object(hid_t file, const std::string &key, const std::string &path) {
  std::string wanted = key;
  while (wanted.starts_with('/')) wanted.erase(0, 1);
  Handle object = open_object(file, wanted.empty() ? "/" : "/" + wanted);
  if (object) return object;
  const Handle root = open_object(file, "/");
  throw Failure(path + ": no array " + data::quoted(key) + "; " +
                suggest(wanted, root ? array_paths(root.get()) : std::vector<std::string>()));
}

} // namespace hdf5

Array read_hdf5(const std::string &path, const std::string &key) {
  require_file(path);
  const auto read = [&](ChildStream &out) {
    const hdf5::Handle file = hdf5::open_read(path);
    hdf5::outside_files(path);
    std::string wanted = key;
    if (wanted.empty()) {
      const hdf5::Handle root = hdf5::find_object(file.get(), "/", path);
      const auto paths = hdf5::array_paths(root.get());
      if (paths.empty()) throw DataError(path + ": holds no arrays of numbers");
      if (paths.size() > 1) throw DataError(path + ": holds several arrays, name one of: " + printable_list(paths));
      wanted = paths.front();
    }
    const hdf5::Handle dataset = hdf5::find_object(file.get(), wanted, path);
    if (!hdf5::is_dataset(dataset.get())) {
      const auto paths = hdf5::array_paths(dataset.get());
      throw DataError(path + ": " + data::quoted(wanted) + " is a group, not an array" +
                      (paths.empty() ? "" : "; in it are: " + printable_list(paths)));
    }
    put(out, hdf5::read_array(dataset.get()));
  };
  Array array;
  hdf5::as_data_error(path, [&] { isolated(path, path, read, [&](ChildStream &in) { take(in, array); }); });
  return array;
}

} // namespace engram::data
