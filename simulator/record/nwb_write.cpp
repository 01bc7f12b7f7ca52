// These functions write the skeleton of an NWB file, its scratch data and its tables.
#include "record/nwb_write.hpp"
#include "error/error.hpp"

#include <array>

namespace engram::record::nwb {

namespace {
std::string path_of(hid_t object) {
  std::array<char, 4096> name{};
  return H5Iget_name(object, name.data(), name.size()) > 0 ? name.data() : "";
}

/// Rows of a table in one chunk.
constexpr hsize_t chunk_rows = 1024;

hdf5::Handle grow_by_rows(hid_t group, const std::string &name, hid_t type, bool nan) {
  hdf5::Layout layout;
  layout.shape = {0};
  layout.limit = {H5S_UNLIMITED};
  layout.chunk = {chunk_rows};
  layout.compress = H5Tget_class(type) != H5T_STRING; // what is stored for a text is but its address
  layout.fill_nan = nan;
  return hdf5::create_dataset(group, name, type, layout);
}

hdf5::Handle create_column(hid_t group, const Column &column) {
  switch (column.type) {
  case ColumnType::number:
    return grow_by_rows(group, column.name, H5T_IEEE_F64LE, true);
  case ColumnType::integer:
    return grow_by_rows(group, column.name, H5T_STD_I64LE, false);
  case ColumnType::boolean:
    return grow_by_rows(group, column.name, hdf5::boolean_type().get(), false);
  case ColumnType::text:
    return grow_by_rows(group, column.name, hdf5::text_type().get(), false);
  }
  throw Broken("a column of no type");
}
} // namespace

void set_type(hid_t object, const std::string &type, const std::string &name_space, const Identity &identity) {
  hdf5::set_attribute(object, "neurodata_type", type);
  hdf5::set_attribute(object, "namespace", name_space);
  hdf5::set_attribute(object, "object_id", identity.of(path_of(object)));
}

void write_skeleton(hid_t file, const FileFacts &facts, const Identity &identity) {
  const hdf5::Handle root = hdf5::open_group(file, "/");
  set_type(root.get(), "NWBFile", "core", identity);
  hdf5::set_attribute(root.get(), "nwb_version", std::string("2.7.0"));
  for (const char *name : {"acquisition", "analysis", "general", "intervals", "processing", "scratch", "stimulus"})
    hdf5::create_group(root.get(), name);
  hdf5::create_group(root.get(), "stimulus/presentation");
  hdf5::create_group(root.get(), "stimulus/templates");
  hdf5::write_text(root.get(), "identifier", facts.identifier);
  hdf5::write_text(root.get(), "session_description", facts.session_description);
  hdf5::write_text(root.get(), "session_start_time", facts.start, H5T_CSET_ASCII);
  hdf5::write_text(root.get(), "timestamps_reference_time", facts.start, H5T_CSET_ASCII);
  hdf5::Layout one;
  one.shape = {1};
  one.limit = {H5S_UNLIMITED};
  one.chunk = {1};
  const hdf5::Handle type = hdf5::text_type(H5T_CSET_ASCII);
  const hdf5::Handle dates = hdf5::create_dataset(root.get(), "file_create_date", type.get(), one);
  const char *date = facts.start.c_str();
  hdf5::write_block(dates.get(), type.get(), {0}, {1}, &date);
}

namespace {
void describe_scratch(hid_t scratch, const std::string &name, const std::string &notes, const Identity &identity) {
  const hdf5::Handle dataset = hdf5::open_dataset(scratch, name);
  set_type(dataset.get(), "ScratchData", "core", identity);
  hdf5::set_attribute(dataset.get(), "notes", notes);
}
} // namespace

void add_scratch(hid_t scratch, const std::string &name, const std::string &value, const std::string &notes,
                 const Identity &identity) {
  hdf5::write_text(scratch, name, value);
  describe_scratch(scratch, name, notes, identity);
}

void add_scratch(hid_t scratch, const std::string &name, std::int64_t value, const std::string &notes,
                 const Identity &identity) {
  const hdf5::Handle dataset = hdf5::create_dataset(scratch, name, H5T_STD_I64LE, {});
  hdf5::write_block(dataset.get(), H5T_NATIVE_INT64, {}, {}, &value);
  describe_scratch(scratch, name, notes, identity);
}

void add_scratch(hid_t scratch, const std::string &name, double value, const std::string &notes,
                 const Identity &identity) {
  const hdf5::Handle dataset = hdf5::create_dataset(scratch, name, H5T_IEEE_F64LE, {});
  hdf5::write_block(dataset.get(), H5T_NATIVE_DOUBLE, {}, {}, &value);
  describe_scratch(scratch, name, notes, identity);
}

DynamicTable::DynamicTable(hid_t parent, const std::string &name, const std::string &type,
                           const std::string &description, const std::vector<Column> &columns, const Identity &identity,
                           const std::vector<std::string> &ragged)
    : group_(hdf5::create_group(parent, name)) {
  set_type(group_.get(), type, type == "DynamicTable" ? "hdmf-common" : "core", identity);
  hdf5::set_attribute(group_.get(), "description", description);
  std::vector<std::string> names;
  for (const auto &column : columns) names.push_back(column.name);
  names.insert(names.end(), ragged.begin(), ragged.end());
  hdf5::set_attribute(group_.get(), "colnames", names);
  id_ = grow_by_rows(group_.get(), "id", H5T_STD_I64LE, false);
  set_type(id_.get(), "ElementIdentifiers", "hdmf-common", identity);
  for (const auto &column : columns) {
    columns_.push_back(create_column(group_.get(), column));
    set_type(columns_.back().get(), "VectorData", "hdmf-common", identity);
    hdf5::set_attribute(columns_.back().get(), "description", column.description);
  }
}

void DynamicTable::resize(std::size_t rows) {
  for (const auto &column : columns_) hdf5::set_shape(column.get(), {rows});
  hdf5::set_shape(id_.get(), {rows});
  std::vector<std::int64_t> ids;
  for (std::size_t row = rows_; row < rows; ++row) ids.push_back(static_cast<std::int64_t>(row));
  hdf5::write_block(id_.get(), H5T_NATIVE_INT64, {rows_}, {ids.size()}, ids.data());
  rows_ = rows;
}

void DynamicTable::write(std::size_t column, std::size_t first, const std::vector<double> &values) {
  hdf5::write_block(columns_.at(column).get(), H5T_NATIVE_DOUBLE, {first}, {values.size()}, values.data());
}

void DynamicTable::write(std::size_t column, std::size_t first, const std::vector<std::int64_t> &values) {
  hdf5::write_block(columns_.at(column).get(), H5T_NATIVE_INT64, {first}, {values.size()}, values.data());
}

void DynamicTable::write(std::size_t column, std::size_t first, const std::vector<std::int8_t> &values) {
  hdf5::write_block(columns_.at(column).get(), hdf5::boolean_type().get(), {first}, {values.size()}, values.data());
}

void DynamicTable::write(std::size_t column, std::size_t first, const std::vector<std::string> &values) {
  std::vector<const char *> texts;
  for (const auto &value : values) texts.push_back(value.c_str());
  hdf5::write_block(columns_.at(column).get(), hdf5::text_type().get(), {first}, {texts.size()}, texts.data());
}

} // namespace engram::record::nwb
