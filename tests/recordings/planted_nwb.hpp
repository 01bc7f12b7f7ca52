// This lets a test write an NWB file with units and with time series of any kind.
#pragma once

#include "data/hdf5.hpp"

#include <armadillo>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace engram::recordings::testing {

namespace hdf5 = engram::data::hdf5;

class PlantedNwb {
public:
  explicit PlantedNwb(const std::string &path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {
    if (!file_) throw std::runtime_error("cannot write " + path);
    const hdf5::Handle root(H5Gopen2(file_.get(), "/", H5P_DEFAULT));
    hdf5::set_attribute(root.get(), "nwb_version", std::string("2.7.0"));
    hdf5::set_attribute(root.get(), "neurodata_type", std::string("NWBFile"));
  }

  using Intervals = std::vector<std::pair<double, double>>;

  /// Spike times and observation intervals in seconds, by unit; without intervals there is no such column.
  void units(const std::vector<std::vector<double>> &spikes, const std::vector<Intervals> &observed = {}) {
    const auto table = group("units", "Units");
    std::vector<std::string> columns{"spike_times"};
    std::vector<double> times, bounds;
    std::vector<std::int64_t> ids, ends, ends_of_intervals;
    for (const auto &train : spikes) {
      times.insert(times.end(), train.begin(), train.end());
      ids.push_back(static_cast<std::int64_t>(ids.size()));
      ends.push_back(static_cast<std::int64_t>(times.size()));
    }
    for (const auto &intervals : observed) {
      for (const auto &[start, stop] : intervals) bounds.insert(bounds.end(), {start, stop});
      ends_of_intervals.push_back(static_cast<std::int64_t>(bounds.size() / 2));
    }
    write(table, "id", ids, {ids.size()});
    write(table, "spike_times", times, {times.size()});
    write(table, "spike_times_index", ends, {ends.size()});
    if (!observed.empty()) {
      write(table, "obs_intervals", bounds, {bounds.size() / 2, 2});
      write(table, "obs_intervals_index", ends_of_intervals, {ends_of_intervals.size()});
      columns.emplace_back("obs_intervals");
    }
    hdf5::set_attribute(table.get(), "colnames", columns);
  }

  /// When trials began and ended, in seconds, and more columns of numbers.
  void trials(const Intervals &bounds, const std::vector<std::pair<std::string, std::vector<double>>> &columns) {
    const auto table = group("intervals/trials", "TimeIntervals");
    std::vector<std::string> names{"start_time", "stop_time"};
    std::vector<std::int64_t> ids;
    std::vector<double> starts, stops;
    for (const auto &[start, stop] : bounds) {
      ids.push_back(static_cast<std::int64_t>(ids.size()));
      starts.push_back(start);
      stops.push_back(stop);
    }
    write(table, "id", ids, {ids.size()});
    write(table, "start_time", starts, {starts.size()});
    write(table, "stop_time", stops, {stops.size()});
    for (const auto &[name, values] : columns) {
      names.push_back(name);
      write(table, name, values, {values.size()});
    }
    hdf5::set_attribute(table.get(), "colnames", names);
  }

  /// samples × values; `shape` of a sample where that is a picture.
  void series(const std::string &path, const std::string &type, const std::string &unit, const arma::mat &data,
              double start, double rate, std::vector<hsize_t> shape = {}) {
    const auto made = values(path, type, unit, data, std::move(shape));
    write(made, "starting_time", std::vector<double>{start}, {});
    const auto begin = hdf5::open_dataset(made.get(), "starting_time");
    hdf5::set_attribute(begin.get(), "rate", rate);
  }

  void series(const std::string &path, const std::string &type, const std::string &unit, const arma::mat &data,
              const std::vector<double> &times) {
    write(values(path, type, unit, data, {}), "timestamps", times, {times.size()});
  }

  /// A series whose data are only said to be there: nothing is written, and the file stays small.
  void unwritten(const std::string &path, const std::string &type, const std::vector<hsize_t> &shape, double rate) {
    const auto made = group(path, type);
    hdf5::Layout layout;
    layout.shape = shape;
    const auto data = hdf5::create_dataset(made.get(), "data", hdf5::memory_type<double>(), layout);
    hdf5::set_attribute(data.get(), "unit", std::string("luminance"));
    write(made, "starting_time", std::vector<double>{0}, {});
    const auto begin = hdf5::open_dataset(made.get(), "starting_time");
    hdf5::set_attribute(begin.get(), "rate", rate);
  }

private:
  hdf5::Handle values(const std::string &path, const std::string &type, const std::string &unit, const arma::mat &data,
                      std::vector<hsize_t> shape) {
    auto made = group(path, type);
    if (shape.empty() && data.n_cols > 1) shape = {data.n_cols};
    shape.insert(shape.begin(), data.n_rows);
    const arma::mat rows = data.t(); // column-major here, row-major there
    write(made, "data", std::vector<double>(rows.begin(), rows.end()), shape);
    const auto dataset = hdf5::open_dataset(made.get(), "data");
    hdf5::set_attribute(dataset.get(), "unit", unit);
    return made;
  }

  // With the groups above it.
  hdf5::Handle group(const std::string &path, const std::string &type) {
    const hdf5::Handle links(H5Pcreate(H5P_LINK_CREATE));
    H5Pset_create_intermediate_group(links.get(), 1);
    hdf5::Handle made(H5Gcreate2(file_.get(), path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT));
    hdf5::set_attribute(made.get(), "neurodata_type", type);
    return made;
  }

  template <class T>
  void write(const hdf5::Handle &parent, const std::string &name, const std::vector<T> &values,
             const std::vector<hsize_t> &shape) {
    hdf5::Layout layout;
    layout.shape = shape;
    const auto dataset = hdf5::create_dataset(parent.get(), name, hdf5::memory_type<T>(), layout);
    if (H5Dwrite(dataset.get(), hdf5::memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
      throw std::runtime_error("cannot write " + name);
  }

  hdf5::Handle file_;
};

} // namespace engram::recordings::testing
