// This is the part of hdf5_object.hpp that reads values: rows of datasets, and attributes, as numbers or texts.
#include "data/hdf5_filter.hpp"
#include "data/hdf5_object.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace engram::data::hdf5 {

namespace {

/// The source of a read: a dataset's rows, or an attribute.
struct Source {
  hid_t object = H5I_INVALID_HID; ///< dataset or attribute
  Handle type;
  Handle memory, file; ///< selections; empty for an attribute
  std::size_t count = 0;

  bool read(hid_t in_memory, void *values) const {
    if (H5Iget_type(object) == H5I_ATTR) return H5Aread(object, in_memory, values) >= 0;
    const hid_t all = H5S_ALL;
    return H5Dread(object, in_memory, memory ? memory.get() : all, file ? file.get() : all, H5P_DEFAULT, values) >= 0;
  }
  Handle space() const { return Handle(memory ? H5Scopy(memory.get()) : own_space()); }

private:
  hid_t own_space() const { return H5Iget_type(object) == H5I_ATTR ? H5Aget_space(object) : H5Dget_space(object); }
};

std::string trimmed(const char *text, std::size_t size) {
  std::string out(text, static_cast<std::size_t>(std::find(text, text + size, '\0') - text));
  out.erase(out.find_last_not_of(' ') + 1); // FORTRAN's padding
  return out;
}

std::vector<std::string> variable_texts(const Source &source, bool &good) {
  std::vector<char *> texts(source.count, nullptr);
  std::vector<std::string> result;
  good = source.read(source.type.get(), texts.data());
  if (!good) return result;
  for (const char *text : texts) result.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(source.type.get(), source.space().get(), H5P_DEFAULT, texts.data());
  return result;
}

std::vector<std::string> fixed_texts(const Source &source, bool &good) {
  const std::size_t size = H5Tget_size(source.type.get());
  std::vector<char> texts(source.count * size);
  std::vector<std::string> result;
  good = source.read(source.type.get(), texts.data());
  for (std::size_t i = 0; good && i < source.count; ++i) result.push_back(trimmed(texts.data() + i * size, size));
  return result;
}

std::vector<std::string> referenced_names(const Source &source, bool &good) {
  std::vector<hobj_ref_t> references(source.count);
  std::vector<std::string> result;
  good = source.read(H5T_STD_REF_OBJ, references.data());
  for (std::size_t i = 0; good && i < source.count; ++i) {
    std::array<char, 1024> name{};
    const bool found =
        references[i] != 0 && H5Rget_name(source.object, H5R_OBJECT, &references[i], name.data(), name.size()) > 0;
    result.emplace_back(found ? name.data() : "");
  }
  return result;
}

/// Errors by `good`: the caller knows whom to name.
std::vector<std::string> texts_of(const Source &source, bool &good) {
  good = true;
  if (source.count == 0) return {};
  if (H5Tget_class(source.type.get()) == H5T_REFERENCE) return referenced_names(source, good);
  return H5Tis_variable_str(source.type.get()) > 0 ? variable_texts(source, good) : fixed_texts(source, good);
}

constexpr std::size_t largest_attribute = std::size_t{1} << 20; // HDF5 itself keeps most attributes below 64 KiB

Source attribute_source(hid_t object, const Handle &attribute) {
  Source source{
      .object = attribute.get(), .type = Handle(H5Aget_type(attribute.get())), .memory = {}, .file = {}, .count = 0};
  const Handle space(H5Aget_space(attribute.get()));
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  const std::size_t size = H5Tget_size(source.type.get());
  if (points < 0 || size == 0 || static_cast<std::size_t>(points) > largest_attribute / size)
    fail(object, "has an attribute that is too large");
  source.count = static_cast<std::size_t>(points);
  return source;
}

std::vector<hsize_t> rows_of(hid_t dataset, std::size_t first, std::size_t count) {
  auto extents = shape(dataset);
  const std::size_t rows = row_count(dataset);
  if (first > rows || count > rows - first)
    fail(dataset, "has " + std::to_string(rows) + " rows, not " + std::to_string(first) + " to " +
                      std::to_string(first + count));
  if (!extents.empty()) extents[0] = count;
  return extents;
}

std::vector<hsize_t> start_of(const std::vector<hsize_t> &extents, std::size_t first) {
  std::vector<hsize_t> start(extents.size(), 0);
  if (!start.empty()) start[0] = first;
  return start;
}

} // namespace

std::vector<std::string> attribute_texts(hid_t object, const std::string &name) {
  const Quiet quiet;
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  if (!attribute) fail(object, "cannot open attribute " + name);
  const Source source = attribute_source(object, attribute);
  const auto kind = H5Tget_class(source.type.get());
  if (kind != H5T_STRING && kind != H5T_REFERENCE) return {};
  bool good = true;
  auto texts = texts_of(source, good);
  if (!good) fail(object, "cannot read attribute " + name);
  return texts;
}

std::string attribute_text(hid_t object, const std::string &name, const std::string &fallback) {
  const auto texts = attribute_texts(object, name);
  return texts.size() == 1 ? texts.front() : fallback;
}

double attribute_number(hid_t object, const std::string &name, double fallback) {
  const Quiet quiet;
  if (H5Aexists(object, name.c_str()) <= 0) return fallback;
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  if (!attribute) fail(object, "cannot open attribute " + name);
  const Source source = attribute_source(object, attribute);
  const auto kind = H5Tget_class(source.type.get());
  if (source.count != 1 || (kind != H5T_INTEGER && kind != H5T_FLOAT)) return fallback;
  double value = fallback;
  if (!source.read(H5T_NATIVE_DOUBLE, &value)) fail(object, "cannot read attribute " + name);
  return value;
}

namespace {

/// Into `values`, which have room for them.
void read_into(hid_t dataset, std::size_t first, const std::vector<hsize_t> &extents, double *values) {
  const auto start = start_of(extents, first);
  const Handle type(H5Dget_type(dataset));
  if (H5Tget_class(type.get()) != H5T_ENUM) return read_block(dataset, start, extents, values);
  std::vector<std::int8_t> bytes(checked_size(dataset, extents, 1)); // HDF5 converts no enumeration to a float
  read_block(dataset, start, extents, bytes.data());
  std::copy(bytes.begin(), bytes.end(), values);
}
template <class T> void read_into(hid_t dataset, std::size_t first, const std::vector<hsize_t> &extents, T *values) {
  read_block(dataset, start_of(extents, first), extents, values);
}

/// A chunk that filters have packed is unpacked whole, each time that some of it is read. So a block ends where a chunk
/// does. 1: anywhere.
std::size_t rows_of_chunk(hid_t dataset) {
  const Quiet quiet;
  const Handle creation(H5Dget_create_plist(dataset));
  if (!creation || H5Pget_layout(creation.get()) != H5D_CHUNKED || H5Pget_nfilters(creation.get()) <= 0) return 1;
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, extents.data());
  return rank < 1 ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>(extents[0]));
}

} // namespace

std::vector<double> read_rows(hid_t dataset, std::size_t first, std::size_t count) {
  if (!holds_numbers(dataset)) fail(dataset, "does not hold numbers");
  const auto extents = rows_of(dataset, first, count);
  if (count == 0) return {};
  std::vector<double> values(checked_size(dataset, extents, sizeof(double)));
  if (!values.empty()) read_into(dataset, first, extents, values.data());
  return values;
}

std::size_t block_rows(std::size_t width) {
  constexpr std::size_t block = std::size_t{1} << 17, largest = block << 5, enough = 16; // values, values, rows
  const std::size_t divisor = std::max<std::size_t>(1, width);
  return std::max<std::size_t>({1, block / divisor, std::min(enough, largest / divisor)});
}

template <class T>
void read_row_blocks(hid_t dataset, std::size_t first, std::size_t count, std::vector<T> &room,
                     const std::function<void(const T *, std::size_t)> &give) {
  if (!holds_numbers(dataset)) fail(dataset, "does not hold numbers");
  auto extents = rows_of(dataset, first, count);
  if (checked_size(dataset, extents, sizeof(T)) == 0) return;
  const std::size_t width = row_width(dataset), most = block_rows(width), chunk = rows_of_chunk(dataset);
  for (std::size_t done = 0; done < count;) {
    const std::size_t at = first + done;
    std::size_t rows = std::min(most, count - done);
    if (const std::size_t over = (at + rows) % chunk; over != 0) rows += std::min(chunk - over, count - done - rows);
    if (!extents.empty()) extents[0] = rows;
    if (room.size() < rows * width) room.resize(rows * width);
    read_into(dataset, at, extents, room.data());
    give(room.data(), rows);
    done += rows;
  }
}
template void read_row_blocks(hid_t, std::size_t, std::size_t, std::vector<double> &,
                              const std::function<void(const double *, std::size_t)> &);
template void read_row_blocks(hid_t, std::size_t, std::size_t, std::vector<std::int64_t> &,
                              const std::function<void(const std::int64_t *, std::size_t)> &);
template void read_row_blocks(hid_t, std::size_t, std::size_t, std::vector<std::uint64_t> &,
                              const std::function<void(const std::uint64_t *, std::size_t)> &);

std::vector<std::string> read_text_rows(hid_t dataset, std::size_t first, std::size_t count) {
  const Quiet quiet;
  if (!holds_texts(dataset)) fail(dataset, "does not hold text");
  const auto extents = rows_of(dataset, first, count);
  if (count == 0) return {};
  Source source{.object = dataset, .type = Handle(H5Dget_type(dataset)), .memory = {}, .file = {}, .count = 0};
  source.count = checked_size(dataset, extents, std::max<std::size_t>(1, H5Tget_size(source.type.get())));
  if (source.count == 0) return {};
  if (!extents.empty()) {
    const auto start = start_of(extents, first);
    source.file = Handle(H5Dget_space(dataset));
    source.memory = Handle(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
    if (H5Sselect_hyperslab(source.file.get(), H5S_SELECT_SET, start.data(), nullptr, extents.data(), nullptr) < 0)
      fail(dataset, "cannot be read");
  }
  bool good = true;
  auto texts = texts_of(source, good);
  if (!good) fail_to_read(dataset);
  return texts;
}

std::string dataset_text(hid_t parent, const std::string &name, const std::string &fallback) {
  const Handle object = open_object(parent, name);
  if (!object || !is_dataset(object.get()) || !holds_texts(object.get())) return fallback;
  if (row_count(object.get()) * row_width(object.get()) != 1) return fallback;
  return read_text_rows(object.get(), 0, 1).front();
}

} // namespace engram::data::hdf5
