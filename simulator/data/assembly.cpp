#include "data/assembly.hpp"

#include "data/array_stream.hpp"
#include "data/bytes.hpp"
#include "data/hdf5_array.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"
#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace engram::data {

auto members(AssemblyColumn &column) { return std::tie(column.name, column.axis, column.texts, column.numbers); }
auto members(Assembly &assembly) {
  return std::tie(assembly.name, assembly.unit, assembly.values, assembly.axes, assembly.columns);
}

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::string name_of_object(hid_t object) {
  std::array<char, 1024> name{};
  if (H5Iget_name(object, name.data(), name.size()) <= 0) return "";
  const std::string path = name.data();
  return path.substr(path.rfind('/') + 1);
}

/// The names of a dataset's axes: those of the dimensions that its attribute DIMENSION_LIST points to. A dimension's
/// own values go along itself. Empty where the axes have no names.
std::vector<std::string> axes_of(hid_t dataset, const std::string &name) {
  const hdf5::Quiet quiet;
  const std::size_t rank = hdf5::shape(dataset).size();
  if (H5Aexists(dataset, "DIMENSION_LIST") <= 0)
    return rank == 1 && hdf5::attribute_text(dataset, "CLASS") == "DIMENSION_SCALE" ? std::vector<std::string>{name}
                                                                                    : std::vector<std::string>();
  const hdf5::Handle attribute(H5Aopen(dataset, "DIMENSION_LIST", H5P_DEFAULT));
  const hdf5::Handle type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
  const hdf5::Handle each(H5Tget_class(type.get()) == H5T_VLEN ? H5Tget_super(type.get()) : H5I_INVALID_HID);
  if (!each || H5Tequal(each.get(), H5T_STD_REF_OBJ) <= 0 ||
      H5Sget_simple_extent_npoints(space.get()) != static_cast<hssize_t>(rank))
    return {};
  std::vector<hvl_t> lists(rank);
  if (H5Aread(attribute.get(), type.get(), lists.data()) < 0) hdf5::fail(dataset, "cannot read DIMENSION_LIST");
  std::vector<std::string> axes;
  for (const hvl_t &one : lists) {
    const hdf5::Handle scale(
        one.len == 0 || one.p == nullptr ? H5I_INVALID_HID : H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, one.p));
    axes.push_back(scale ? name_of_object(scale.get()) : "");
  }
  H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, lists.data());
  return axes;
}

/// A dimension that has a length alone.
bool has_no_values(hid_t dataset) {
  return hdf5::attribute_text(dataset, "NAME").starts_with("This is a netCDF dimension but not a netCDF variable");
}

/// As the attributes of the netCDF convention say: stored · scale_factor + add_offset, and no value where it is the
/// fill value.
Array unpacked(hid_t dataset) {
  Array array = hdf5::read_array(dataset);
  const double scale = hdf5::attribute_number(dataset, "scale_factor", 1),
               offset = hdf5::attribute_number(dataset, "add_offset", 0),
               fill = hdf5::attribute_number(dataset, "_FillValue", none),
               missing = hdf5::attribute_number(dataset, "missing_value", none);
  if (scale == 1 && offset == 0 && std::isnan(fill) && std::isnan(missing)) return array;
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double stored = array.at(k);
    values[k] = stored == fill || stored == missing ? none : stored * scale + offset;
  }
  array.values = std::move(values);
  return array;
}

AssemblyColumn column_along(hid_t dataset, const std::string &name, const std::string &axis) {
  AssemblyColumn column{name, axis, {}, {}};
  const std::size_t rows = hdf5::row_count(dataset);
  if (hdf5::holds_numbers(dataset))
    column.numbers = hdf5::read_rows(dataset, 0, rows);
  else
    column.texts = hdf5::read_text_rows(dataset, 0, rows);
  return column;
}

Assembly read_open(hid_t file, const std::string &path, const std::string &key) {
  const hdf5::Handle root = hdf5::find_object(file, "/", path);
  const auto names = hdf5::children(root.get());
  std::vector<std::string> arrays; // of two axes or more, all with names
  for (const std::string &name : names) {
    const hdf5::Handle object = hdf5::open_object(root.get(), name);
    if (!object || !hdf5::is_dataset(object.get()) || !hdf5::holds_numbers(object.get())) continue;
    const auto axes = axes_of(object.get(), name);
    if (axes.size() >= 2 && std::find(axes.begin(), axes.end(), "") == axes.end()) arrays.push_back(name);
  }
  if (arrays.empty()) throw DataError(path + ": holds no array of two axes or more with names, as netCDF-4 has them");
  if (key.empty() && arrays.size() > 1)
    throw DataError(path + ": holds several arrays, name one of: " + printable_list(arrays));
  Assembly assembly;
  assembly.name = key.empty() ? arrays.front() : key;
  if (std::find(arrays.begin(), arrays.end(), assembly.name) == arrays.end())
    throw DataError(path + ": no array " + data::quoted(key) + " whose axes have names; " + suggest(key, arrays));
  const hdf5::Handle dataset = hdf5::open_dataset(root.get(), assembly.name);
  assembly.axes = axes_of(dataset.get(), assembly.name);
  assembly.unit = hdf5::attribute_text(dataset.get(), "units");
  assembly.values = unpacked(dataset.get());
  for (const std::string &name : names) {
    const hdf5::Handle object = hdf5::open_object(root.get(), name);
    if (!object || !hdf5::is_dataset(object.get()) || has_no_values(object.get())) continue;
    if (!hdf5::holds_numbers(object.get()) && !hdf5::holds_texts(object.get())) continue;
    const auto axes = axes_of(object.get(), name);
    if (axes.size() != 1) continue;
    const auto axis = std::find(assembly.axes.begin(), assembly.axes.end(), axes.front());
    if (axis == assembly.axes.end()) continue;
    if (hdf5::row_count(object.get()) != assembly.values.shape[static_cast<std::size_t>(axis - assembly.axes.begin())])
      throw DataError(path + ": " + printable(name) + " has not one value for each place along " + printable(*axis));
    assembly.columns.push_back(column_along(object.get(), name, *axis));
  }
  return assembly;
}

} // namespace

bool is_assembly(const std::string &path) { return path.ends_with(".nc") || path.ends_with(".nc4"); }

Assembly read_assembly(const std::string &path, const std::string &key) {
  require_file(path);
  const auto read = [&](ChildStream &out) {
    const hdf5::Handle file = hdf5::open_read(path);
    hdf5::outside_files(path);
    put(out, read_open(file.get(), path, key));
  };
  Assembly assembly;
  hdf5::as_data_error(path, [&] { isolated(path, path, read, [&](ChildStream &in) { take(in, assembly); }); });
  std::size_t product = 1;
  for (const std::size_t extent : assembly.values.shape) product *= extent;
  if (product != assembly.values.size() || assembly.axes.size() != assembly.values.shape.size())
    throw DataError(path + ": is damaged (the library that reads it failed)");
  return assembly;
}

} // namespace engram::data
