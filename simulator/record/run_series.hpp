// A RunSeries writes one time series of a run file. Its times are a start and a rate while the samples are a regular
// series, else one for each sample.
#pragma once

#include "record/nwb_write.hpp"
#include "record/run_file.hpp"

#include <algorithm>
#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace engram::record {

namespace hdf5 = data::hdf5;

/// Errors: data::hdf5::Failure; std::invalid_argument where the samples have another number of neurons.
class RunSeries {
public:
  /// `step_ms`: of the run's grid of time.
  RunSeries(hid_t group, const SeriesInfo &info, double step_ms, const nwb::Identity &identity);

  /// As RunFile's.
  template <class T> void write(std::size_t first, const arma::Mat<T> &samples);
  void write_times(std::size_t first, std::uint64_t first_step, std::size_t count);
  /// Gives the file as many samples as times, and as many times as samples: what was not written reads as NaN.
  void even_out();

  const std::string &name() const { return name_; }
  std::size_t samples() const { return samples_; }
  std::size_t times() const { return timed_; }
  /// Bytes by which a flush may lengthen the file, for what was written since the last call.
  std::uint64_t take_unflushed() { return std::min<std::uint64_t>(std::exchange(unflushed_, 0), cache_bytes); }

private:
  static constexpr std::size_t cache_bytes = 8 << 20; // that HDF5 may hold of the samples

  double seconds_of(std::int64_t step) const { return static_cast<double>(step) * step_ms_ / 1000; }
  void write_start();
  void give_each_its_time();
  void write_stamps(std::size_t first, std::int64_t first_step, std::size_t count);

  hdf5::Handle group_, data_;
  hdf5::Handle start_, stamps_; // of a regular series, of any other
  std::string name_;
  std::size_t neurons_ = 0, samples_ = 0, timed_ = 0; // timed_: samples that have a time
  std::uint64_t unflushed_ = 0;
  double step_ms_ = 1;
  std::int64_t every_ = 1;  // steps from sample to sample
  std::int64_t origin_ = 0; // step of sample 0 of a regular series
};

} // namespace engram::record
