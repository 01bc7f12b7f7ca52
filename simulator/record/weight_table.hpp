// A WeightTable holds weights of a projection in a run file, or statistics of them, as they were after chosen epochs.
#pragma once

#include "record/nwb_write.hpp"
#include "record/run_file.hpp"

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace engram::record {

namespace hdf5 = data::hdf5;

/// Each row goes to the file as it comes. Errors: data::hdf5::Failure; std::invalid_argument for another shape.
class WeightTable {
public:
  WeightTable(hid_t scratch, const WeightsInfo &info, const nwb::Identity &identity);
  /// As RunFile::write_row().
  template <class T> void add(std::size_t epoch, const arma::Mat<T> &weights, const std::vector<double> &statistics);
  /// Bytes written since the last call.
  std::uint64_t take_unflushed() { return std::exchange(unflushed_, 0); }

private:
  std::vector<hsize_t> shape_;
  std::size_t statistics_ = 0;
  nwb::DynamicTable table_;
  hdf5::Handle weights_;
  std::uint64_t unflushed_ = 0;
};

/// Which neurons the columns of a series are of.
void write_chosen(hid_t scratch, const std::string &series, const SeriesInfo &info, const nwb::Identity &identity);

/// Copies series, trials and recorded weights from one run file to another that has none.
void copy_recorded(hid_t from, hid_t to);

} // namespace engram::record
