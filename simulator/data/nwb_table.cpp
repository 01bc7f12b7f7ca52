// NwbFile reads tables here, with ragged columns and references.
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/nwb_objects.hpp"
#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <cstdint>

namespace engram::data {

const NwbColumn *NwbTable::find(const std::string &name) const {
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const NwbColumn &c) { return c.name == name; });
  return at == columns.end() ? nullptr : &*at;
}

namespace {

template <class T>
std::vector<T> row(const std::vector<T> &values, const std::vector<std::size_t> &ends, std::size_t r) {
  const std::size_t begin = r == 0 ? 0 : ends.at(r - 1);
  return {values.begin() + static_cast<std::ptrdiff_t>(begin),
          values.begin() + static_cast<std::ptrdiff_t>(ends.at(r))};
}

} // namespace

std::vector<double> NwbRows::row_numbers(std::size_t r) const { return row(numbers, ends, r); }
std::vector<std::string> NwbRows::row_texts(std::size_t r) const { return row(texts, ends, r); }

namespace nwb {

namespace {

/// Names of columns: the attribute, then what it forgot.
std::vector<std::string> column_names(hid_t group) {
  auto names = hdf5::attribute_texts(group, "colnames");
  for (const std::string &name : hdf5::children(group))
    if (name != "id" && !name.ends_with("_index") && std::find(names.begin(), names.end(), name) == names.end()) {
      const hdf5::Handle object = hdf5::open_object(group, name);
      if (object && hdf5::is_dataset(object.get()) && !hdf5::attribute_text(object.get(), "neurodata_type").empty())
        names.push_back(name);
    }
  return names;
}

/// Rows are counted by arrays of that length; a claim that the file cannot keep is an error.
std::size_t believable_rows(hid_t dataset) {
  const std::size_t rows = hdf5::row_count(dataset);
  hdf5::checked_size(dataset, {rows}, sizeof(std::uint64_t));
  return rows;
}

} // namespace

std::optional<NwbTable> as_table(hid_t object, const std::string &path) {
  if (!hdf5::is_group(object) || hdf5::attribute_text(object, "neurodata_type").empty()) return std::nullopt;
  if (!hdf5::has_attribute(object, "colnames")) return std::nullopt;
  NwbTable table;
  table.path = path;
  table.type = hdf5::attribute_text(object, "neurodata_type");
  table.description = hdf5::attribute_text(object, "description");
  const hdf5::Handle ids = hdf5::open_object(object, "id");
  bool counted = ids && hdf5::is_dataset(ids.get());
  if (counted) table.rows = believable_rows(ids.get());
  for (const std::string &name : column_names(object)) {
    const hdf5::Handle dataset = hdf5::open_object(object, name), index = hdf5::open_object(object, name + "_index");
    if (!dataset || !hdf5::is_dataset(dataset.get())) continue; // a table within a table, or a name without a column
    NwbColumn column;
    column.name = name;
    column.description = hdf5::attribute_text(dataset.get(), "description");
    column.type = hdf5::dataset_type(dataset.get());
    const auto extents = hdf5::shape(dataset.get());
    column.shape.assign(extents.begin(), extents.end());
    column.ragged = index && hdf5::is_dataset(index.get());
    column.numbers = hdf5::holds_numbers(dataset.get());
    column.texts = hdf5::holds_texts(dataset.get());
    if (hdf5::attribute_text(dataset.get(), "neurodata_type") == "DynamicTableRegion") {
      column.region = hdf5::attribute_text(dataset.get(), "table");
      if (column.region.starts_with('/')) column.region.erase(0, 1);
    }
    if (!counted) table.rows = believable_rows(column.ragged ? index.get() : dataset.get());
    counted = true;
    table.columns.push_back(std::move(column));
  }
  return table;
}

} // namespace nwb

namespace {

/// Where rows `first` … `first + count` end: `bounds` has one more, the end of the row before.
std::vector<std::size_t> read_bounds(const hdf5::ForeignFile &file, const std::string &index, std::size_t first,
                                     std::size_t count, const std::string &where) {
  const std::size_t before = first == 0 ? 0 : 1;
  std::vector<std::size_t> bounds(1 - before, 0);
  for (const double end : file.numbers<double>(index, first - before, count + before)) {
    if (!(end >= 0) || end > 9e15 || (!bounds.empty() && static_cast<std::size_t>(end) < bounds.back()))
      throw DataError(where + " has an index that does not grow");
    bounds.push_back(static_cast<std::size_t>(end));
  }
  return bounds;
}

} // namespace

std::vector<std::int64_t> NwbFile::read_ids(const NwbTable &table) const {
  const std::string path = "/" + table.path + "/id";
  if (file_->about(path).numbers) return file_->numbers<std::int64_t>(path);
  return hdf5::as_data_error(path_, [&] {
    std::vector<std::int64_t> ids(table.rows);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
    return ids;
  });
}

NwbRows NwbFile::read_column(const NwbTable &table, const std::string &name, std::size_t first,
                             std::size_t count) const {
  const NwbColumn *column = table.find(name);
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const NwbColumn &one : table.columns) names.push_back(one.name);
    throw DataError(path_ + ": " + table.path + " has no column " + data::quoted(name) + "; " + suggest(name, names));
  }
  const std::string where = path_ + ": " + table.path + "/" + name, path = "/" + table.path + "/" + name;
  if (!column->numbers && !column->texts) throw DataError(where + " holds " + column->type + ", which is not read");
  if (first > table.rows || count > table.rows - first)
    throw DataError(where + " has " + std::to_string(table.rows) + " rows");
  return hdf5::as_data_error(path_, [&] {
    std::vector<std::size_t> bounds(count + 1);
    for (std::size_t r = 0; r <= count; ++r) bounds[r] = first + r;
    std::vector<std::string> indices; // from the values outwards: NAME_index, NAME_index_index
    for (std::string level = path + "_index"; column->ragged && indices.size() < 4; level += "_index") {
      if (!file_->about(level).is_dataset()) break;
      indices.push_back(level);
    }
    for (std::size_t i = indices.size(); i-- > 0;) {
      const auto inner = read_bounds(*file_, indices[i], bounds.front(), bounds.back() - bounds.front(), where);
      const std::size_t start = bounds.front();
      for (std::size_t &bound : bounds) bound = inner.at(bound - start);
    }
    NwbRows rows;
    const std::size_t begin = bounds.front(), values = bounds.back() - begin;
    std::size_t width = 1;
    const auto shape = file_->about(path).shape;
    for (std::size_t axis = 1; axis < shape.size(); ++axis) width *= shape[axis];
    if (column->numbers)
      rows.numbers = file_->numbers<double>(path, begin, values);
    else
      rows.texts = file_->texts(path, begin, values);
    for (std::size_t r = 1; r <= count; ++r) rows.ends.push_back((bounds[r] - begin) * width);
    return rows;
  });
}

NwbRows NwbFile::read_column(const NwbTable &table, const std::string &column) const {
  return read_column(table, column, 0, table.rows);
}

} // namespace engram::data
