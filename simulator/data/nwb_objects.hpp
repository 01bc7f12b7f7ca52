// These functions find the time series, tables and images of an NWB file, and read their attributes. They call HDF5:
// use them in a child process. Errors as in hdf5.hpp.
#pragma once

#include "data/child_stream.hpp"
#include "data/hdf5.hpp"
#include "data/nwb.hpp"

#include <optional>
#include <string>
#include <tuple>

namespace engram::data {

// Of what travels from the child. A new member of a struct does not compile until it stands here too.
inline auto members(NwbSeries &s) {
  auto &[path, type, description, comments, unit, stored, shape, samples, channels, conversion, offset, factors, rate,
         start, timestamps, data_link, timestamps_link, electrode, files] = s;
  return std::tie(path, type, description, comments, unit, stored, shape, samples, channels, conversion, offset,
                  factors, rate, start, timestamps, data_link, timestamps_link, electrode, files);
}
inline auto members(NwbColumn &c) {
  auto &[name, description, type, shape, ragged, numbers, texts, region] = c;
  return std::tie(name, description, type, shape, ragged, numbers, texts, region);
}
inline auto members(NwbTable &t) {
  auto &[path, type, description, rows, columns] = t;
  return std::tie(path, type, description, rows, columns);
}
inline auto members(NwbImage &i) {
  auto &[path, type, description, shape] = i;
  return std::tie(path, type, description, shape);
}
inline auto members(NwbObjects &o) {
  auto &[series, tables, images] = o;
  return std::tie(series, tables, images);
}

} // namespace engram::data

namespace engram::data::nwb {

/// All objects of the open file `path`, sorted by their paths. Errors: DataError where it is no NWB file of version 2.
NwbObjects find_objects(hid_t file, const std::string &path);

/// A group's `data` or `timestamps`, also where that leads to another series instead of its dataset; empty when the
/// group has none.
hdf5::Handle series_values(hid_t group, const std::string &name);

/// Nothing when the object is not of that kind.
std::optional<NwbSeries> as_series(hid_t object, const std::string &path);
std::optional<NwbTable> as_table(hid_t object, const std::string &path);
std::optional<NwbImage> as_image(hid_t object, const std::string &path);

} // namespace engram::data::nwb
