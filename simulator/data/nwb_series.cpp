// NwbFile reads time series here.
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/nwb_objects.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace nwb {

hdf5::Handle series_values(hid_t group, const std::string &name) {
  hdf5::Handle object = hdf5::open_object(group, name);
  for (int steps = 0; steps < 8 && object && hdf5::is_group(object.get()); ++steps)
    object = hdf5::open_object(object.get(), name);
  return object && hdf5::is_dataset(object.get()) ? std::move(object) : hdf5::Handle();
}

namespace {

void describe_data(hid_t group, hid_t data, NwbSeries &series) {
  const auto extents = hdf5::shape(data);
  series.shape.assign(extents.begin(), extents.end());
  series.samples = hdf5::row_count(data);
  series.channels = hdf5::row_width(data);
  series.stored = hdf5::dataset_type(data);
  series.unit = hdf5::attribute_text(data, "unit");
  series.conversion = hdf5::attribute_number(data, "conversion", 1);
  series.offset = hdf5::attribute_number(data, "offset", 0);
  const hdf5::Handle factors = hdf5::open_object(group, "channel_conversion");
  if (factors && hdf5::is_dataset(factors.get()) && hdf5::holds_numbers(factors.get()))
    series.channel_conversion = hdf5::read_rows(factors.get(), 0, hdf5::row_count(factors.get()));
}

void describe_time(hid_t group, NwbSeries &series) {
  const hdf5::Handle start = hdf5::open_object(group, "starting_time");
  if (start && hdf5::is_dataset(start.get())) {
    series.rate_hz = hdf5::attribute_number(start.get(), "rate", not_given);
    if (hdf5::holds_numbers(start.get()) && hdf5::row_count(start.get()) == 1 && hdf5::row_width(start.get()) > 0)
      series.starting_time_s = hdf5::read_rows(start.get(), 0, 1).at(0);
  }
  const hdf5::Handle timestamps = series_values(group, "timestamps");
  if (!timestamps || !hdf5::holds_numbers(timestamps.get()) || hdf5::row_width(timestamps.get()) == 0) return;
  series.timestamps = hdf5::row_count(timestamps.get());
  series.timestamps_link = hdf5::link_target(group, "timestamps");
  if (series.timestamps > 0) series.starting_time_s = hdf5::read_rows(timestamps.get(), 0, 1).at(0);
}

} // namespace

std::optional<NwbSeries> as_series(hid_t object, const std::string &path) {
  if (!hdf5::is_group(object)) return std::nullopt;
  NwbSeries series;
  series.path = path;
  series.type = hdf5::attribute_text(object, "neurodata_type");
  if (series.type.empty()) return std::nullopt;
  const hdf5::Handle data = series_values(object, "data");
  const bool timed = hdf5::exists(object, "timestamps") || hdf5::exists(object, "starting_time");
  // An extension may give its kind of series any name.
  if (!series.type.ends_with("Series") && !(data && timed)) return std::nullopt;
  series.description = hdf5::attribute_text(object, "description");
  series.comments = hdf5::attribute_text(object, "comments");
  if (data) {
    describe_data(object, data.get(), series);
    series.data_link = hdf5::link_target(object, "data");
  }
  describe_time(object, series);
  const std::string electrode = hdf5::link_target(object, "electrode");
  if (electrode.size() > 4) series.electrode = electrode.substr(electrode.find(' ') + 1);
  const hdf5::Handle files = hdf5::open_object(object, "external_file");
  if (files && hdf5::is_dataset(files.get()) && hdf5::holds_texts(files.get()))
    series.external_files = hdf5::read_text_rows(files.get(), 0, hdf5::row_count(files.get()));
  return series;
}

} // namespace nwb

/// Where a series' `data` or `timestamps` are, as nwb::series_values() finds them; "" where there are none.
std::string NwbFile::values_of(const NwbSeries &series, const std::string &name, hdf5::About &about) const {
  std::string path = "/" + series.path + "/" + name;
  about = file_->about(path);
  for (int steps = 0; steps < 8 && about.is_group(); ++steps) {
    path += "/" + name;
    about = file_->about(path);
  }
  return about.is_dataset() ? path : "";
}

arma::mat NwbFile::read_series(const std::string &path, std::size_t first, std::size_t count) const {
  const NwbSeries &series = find_series(path);
  hdf5::About about;
  const std::string where = path_ + ": " + series.path, values = values_of(series, "data", about);
  if (values.empty()) throw DataError(where + " has no values in this file");
  if (!about.numbers) throw DataError(where + " holds " + about.type + ", not numbers");
  if (first > series.samples || count > series.samples - first)
    throw DataError(where + " has " + std::to_string(series.samples) + " samples, asked for are " +
                    std::to_string(first) + " to " + std::to_string(first + count));
  const auto &factors = series.channel_conversion;
  if (!factors.empty() && factors.size() != series.channels && factors.size() != 1)
    throw DataError(where + " has " + std::to_string(series.channels) + " channels and " +
                    std::to_string(factors.size()) + " channel conversions");
  if (count == 0 || series.channels == 0) return arma::mat(count, series.channels);
  arma::mat rows = file_->matrix(values, first, count);
  if (factors.size() == 1)
    rows *= factors[0];
  else if (!factors.empty())
    rows.each_row() %= arma::rowvec(factors);
  if (series.conversion != 1 || series.offset != 0) rows = rows * series.conversion + series.offset;
  return rows;
}

arma::mat NwbFile::read_series(const std::string &path) const {
  return read_series(path, 0, find_series(path).samples);
}

std::vector<double> NwbFile::read_times(const std::string &path, std::size_t first, std::size_t count) const {
  const NwbSeries &series = find_series(path);
  const std::string where = path_ + ": " + series.path;
  if (series.timestamps > 0) {
    hdf5::About about;
    const std::string times = values_of(series, "timestamps", about);
    if (times.empty()) throw DataError(where + " has lost its timestamps");
    return file_->numbers<double>(times, first, count);
  }
  if (!(series.rate_hz > 0)) throw DataError(where + " has neither timestamps nor a rate");
  if (first > series.samples || count > series.samples - first)
    throw DataError(where + " has " + std::to_string(series.samples) + " samples");
  return hdf5::as_data_error(path_, [&] {
    std::vector<double> times(count);
    const double start = std::isnan(series.starting_time_s) ? 0 : series.starting_time_s;
    for (std::size_t i = 0; i < count; ++i) times[i] = start + static_cast<double>(first + i) / series.rate_hz;
    return times;
  });
}

} // namespace engram::data
