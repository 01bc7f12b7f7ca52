// This is the writing half of hdf5.hpp.
#include "data/hdf5.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace engram::data::hdf5 {

template <> hid_t memory_type<float>() { return H5T_NATIVE_FLOAT; }
template <> hid_t memory_type<double>() { return H5T_NATIVE_DOUBLE; }
template <> hid_t memory_type<std::int8_t>() { return H5T_NATIVE_INT8; }
template <> hid_t memory_type<std::int64_t>() { return H5T_NATIVE_INT64; }
template <> hid_t memory_type<std::uint64_t>() { return H5T_NATIVE_UINT64; }

Handle text_type(H5T_cset_t characters) {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), characters);
  return type;
}

Handle boolean_type() {
  Handle type(H5Tenum_create(H5T_STD_I8LE));
  const std::int8_t no = 0, yes = 1;
  H5Tenum_insert(type.get(), "FALSE", &no);
  H5Tenum_insert(type.get(), "TRUE", &yes);
  return type;
}

namespace {
/// fail(), with HDF5's reason, which the next call of HDF5 clears.
[[noreturn]] void fail_to_write(hid_t object, const std::string &what) {
  const std::string why = reason();
  fail(object, why.empty() ? what : what + ": " + why);
}

/// A C string ends at its first NUL, so one within is shown as U+FFFD, and not cut short in silence.
std::string without_nul(const std::string &text) {
  std::string result;
  for (const char letter : text) letter == '\0' ? result += "\xEF\xBF\xBD" : result += letter;
  return result;
}

/// Names that are not ASCII are marked as UTF-8.
Handle link_properties() {
  Handle properties(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_char_encoding(properties.get(), H5T_CSET_UTF8);
  return properties;
}

void write_attribute(hid_t object, const std::string &name, hid_t type, hid_t space, const void *value) {
  const Quiet quiet;
  const Handle attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
  if (!attribute || H5Awrite(attribute.get(), type, value) < 0) fail_to_write(object, "cannot write attribute " + name);
}
} // namespace

Handle create_group(hid_t parent, const std::string &name) {
  const Quiet quiet;
  const Handle properties(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(properties.get(), false); // the same run gives the same bytes
  Handle group(H5Gcreate2(parent, name.c_str(), link_properties().get(), properties.get(), H5P_DEFAULT));
  if (!group) fail_to_write(parent, "cannot create group " + name);
  return group;
}

void set_attribute(hid_t object, const std::string &name, const std::string &value) {
  const std::string clean = without_nul(value);
  const char *text = clean.c_str();
  write_attribute(object, name, text_type().get(), Handle(H5Screate(H5S_SCALAR)).get(), &text);
}

void set_attribute(hid_t object, const std::string &name, const std::vector<std::string> &values) {
  std::vector<const char *> texts;
  for (const auto &value : values) texts.push_back(value.c_str());
  const hsize_t count = texts.size();
  write_attribute(object, name, text_type().get(), Handle(H5Screate_simple(1, &count, nullptr)).get(), texts.data());
}

void set_attribute(hid_t object, const std::string &name, double value) {
  write_attribute(object, name, H5T_NATIVE_DOUBLE, Handle(H5Screate(H5S_SCALAR)).get(), &value);
}

void set_attribute(hid_t object, const std::string &name, std::int32_t value) {
  write_attribute(object, name, H5T_NATIVE_INT32, Handle(H5Screate(H5S_SCALAR)).get(), &value);
}

void write_text(hid_t parent, const std::string &name, const std::string &value, H5T_cset_t characters) {
  const Handle type = text_type(characters);
  const Handle dataset = create_dataset(parent, name, type.get(), {});
  const std::string clean = without_nul(value);
  const char *text = clean.c_str();
  write_block(dataset.get(), type.get(), {}, {}, &text);
}

void write_texts(hid_t parent, const std::string &name, const std::vector<std::string> &values) {
  const Handle type = text_type();
  Layout layout;
  layout.shape = {values.size()};
  const Handle dataset = create_dataset(parent, name, type.get(), layout);
  std::vector<std::string> clean;
  for (const auto &value : values) clean.push_back(without_nul(value));
  std::vector<const char *> texts;
  for (const auto &value : clean) texts.push_back(value.c_str());
  write_block(dataset.get(), type.get(), {0}, {texts.size()}, texts.data());
}

void remove(hid_t parent, const std::string &name) {
  const Quiet quiet;
  if (H5Ldelete(parent, name.c_str(), H5P_DEFAULT) < 0) fail_to_write(parent, "cannot remove " + name);
}

Handle create_dataset(hid_t parent, const std::string &name, hid_t type, const Layout &layout) {
  const Quiet quiet;
  const int rank = static_cast<int>(layout.shape.size());
  const Handle space(
      rank == 0 ? H5Screate(H5S_SCALAR)
                : H5Screate_simple(rank, layout.shape.data(), layout.limit.empty() ? nullptr : layout.limit.data()));
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS));
  bool good = H5Pset_obj_track_times(creation.get(), false) >= 0;
  if (!layout.chunk.empty()) {
    good = good && H5Pset_chunk(creation.get(), rank, layout.chunk.data()) >= 0;
    std::size_t bytes = H5Tget_size(type);
    for (const auto extent : layout.chunk) bytes *= static_cast<std::size_t>(extent);
    const std::size_t cache = std::max(layout.cache_bytes, bytes);
    // A prime number of slots, about a hundred for each chunk that fits; whole chunks leave the cache first.
    good = good && H5Pset_chunk_cache(access.get(), cache / bytes < 10 ? 1009 : 10007, cache, 1.0) >= 0;
  }
  if (layout.compress) good = good && H5Pset_shuffle(creation.get()) >= 0 && H5Pset_deflate(creation.get(), 4) >= 0;
  if (layout.fill_nan) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    good = good && H5Pset_fill_value(creation.get(), H5T_NATIVE_DOUBLE, &nan) >= 0;
  }
  if (!good || !space) fail(parent, "cannot describe dataset " + name);
  Handle dataset(
      H5Dcreate2(parent, name.c_str(), type, space.get(), link_properties().get(), creation.get(), access.get()));
  if (!dataset) fail_to_write(parent, "cannot create dataset " + name);
  return dataset;
}

std::vector<hsize_t> shape(hid_t dataset) {
  const Quiet quiet;
  const Handle space(H5Dget_space(dataset));
  const int rank = space ? H5Sget_simple_extent_ndims(space.get()) : -1;
  if (rank < 0) fail(dataset, "has no shape");
  std::vector<hsize_t> result(static_cast<std::size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space.get(), result.data(), nullptr) < 0) fail(dataset, "has no shape");
  return result;
}

void set_shape(hid_t dataset, const std::vector<hsize_t> &shape) {
  const Quiet quiet;
  if (H5Dset_extent(dataset, shape.data()) < 0) fail_to_write(dataset, "cannot grow");
}

void write_block(hid_t dataset, hid_t type, const std::vector<hsize_t> &first, const std::vector<hsize_t> &count,
                 const void *values) {
  const Quiet quiet;
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return;
  herr_t status = -1;
  if (first.empty()) {
    status = H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  } else {
    const Handle file(H5Dget_space(dataset));
    const Handle memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr));
    if (H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr) >= 0)
      status = H5Dwrite(dataset, type, memory.get(), file.get(), H5P_DEFAULT, values);
    if (status < 0) fail_to_write(dataset, "cannot be written"); // here: closing the spaces clears HDF5's reason
  }
  if (status < 0) fail_to_write(dataset, "cannot be written");
}

} // namespace engram::data::hdf5
