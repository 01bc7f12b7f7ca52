#include "record/run_series.hpp"

#include <stdexcept>
#include <vector>

namespace engram::record {

namespace {
constexpr hsize_t chunk_bytes = 256 << 10;
constexpr std::size_t stamps_at_once = 8192;
} // namespace

RunSeries::RunSeries(hid_t group, const SeriesInfo &info, double step_ms, const nwb::Identity &identity)
    : name_(nwb::free_name(group, nwb::safe_name(info.region + "_" + info.signal))), neurons_(info.neurons),
      step_ms_(step_ms), every_(static_cast<std::int64_t>(info.every)) {
  group_ = hdf5::create_group(group, name_);
  nwb::set_type(group_.get(), "TimeSeries", "core", identity);
  hdf5::set_attribute(group_.get(), "comments", std::string("simulated"));
  hdf5::set_attribute(group_.get(), "description",
                      info.description.empty() ? info.signal + " of " + info.region : info.description);
  const hsize_t columns = std::min<hsize_t>(info.neurons, 16384);
  const hsize_t bytes = info.single ? 4 : 8;
  hdf5::Layout layout;
  layout.shape = {0, info.neurons};
  layout.limit = {H5S_UNLIMITED, info.neurons};
  layout.chunk = {std::clamp<hsize_t>(chunk_bytes / (columns * bytes), 1, 1024), columns};
  layout.compress = layout.fill_nan = true;
  layout.cache_bytes = cache_bytes;
  data_ = hdf5::create_dataset(group_.get(), "data", info.single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, layout);
  hdf5::set_attribute(data_.get(), "conversion", 1.0);
  hdf5::set_attribute(data_.get(), "offset", 0.0);
  hdf5::set_attribute(data_.get(), "resolution", -1.0);
  hdf5::set_attribute(data_.get(), "unit", info.unit.empty() ? std::string("n.a.") : info.unit);
  start_ = hdf5::create_dataset(group_.get(), "starting_time", H5T_IEEE_F64LE, {});
  hdf5::set_attribute(start_.get(), "rate", 1000 / (static_cast<double>(every_) * step_ms_));
  hdf5::set_attribute(start_.get(), "unit", std::string("seconds"));
  write_start();
}

void RunSeries::write_start() {
  const double start = seconds_of(origin_);
  hdf5::write_block(start_.get(), H5T_NATIVE_DOUBLE, {}, {}, &start);
}

template <class T> void RunSeries::write(std::size_t first, const arma::Mat<T> &samples) {
  if (samples.n_rows != neurons_) throw std::invalid_argument(name_ + ": another number of neurons");
  const std::size_t end = first + samples.n_cols;
  if (hdf5::shape(data_.get())[0] < end) hdf5::set_shape(data_.get(), {end, neurons_});
  hdf5::write_block(data_.get(), hdf5::memory_type<T>(), {first, 0}, {samples.n_cols, neurons_}, samples.memptr());
  samples_ = std::max(samples_, end);
  unflushed_ += samples.n_elem * sizeof(T);
}

void RunSeries::write_times(std::size_t first, std::uint64_t first_step, std::size_t count) {
  if (count == 0) return;
  const auto step = static_cast<std::int64_t>(first_step);
  const auto origin = step - static_cast<std::int64_t>(first) * every_;
  if (start_ && timed_ == 0) {
    origin_ = origin;
    write_start();
  }
  if (start_ && origin != origin_) give_each_its_time();
  if (stamps_) write_stamps(first, step, count);
  timed_ = std::max(timed_, first + count);
}

// The samples so far are regular: what their times are is known, though not which of them were given.
void RunSeries::give_each_its_time() {
  hdf5::Layout layout;
  layout.shape = {0};
  layout.limit = {H5S_UNLIMITED};
  layout.chunk = {stamps_at_once};
  layout.compress = layout.fill_nan = true;
  stamps_ = hdf5::create_dataset(group_.get(), "timestamps", H5T_IEEE_F64LE, layout);
  hdf5::set_attribute(stamps_.get(), "interval", std::int32_t{1});
  hdf5::set_attribute(stamps_.get(), "unit", std::string("seconds"));
  write_stamps(0, origin_, timed_);
  start_.reset();
  hdf5::remove(group_.get(), "starting_time"); // NWB takes one or the other
}

void RunSeries::write_stamps(std::size_t first, std::int64_t first_step, std::size_t count) {
  if (hdf5::shape(stamps_.get())[0] < first + count) hdf5::set_shape(stamps_.get(), {first + count});
  std::vector<double> seconds;
  for (std::size_t n = 0; n < count; n += seconds.size()) {
    seconds.clear();
    for (std::size_t k = n; k < count && seconds.size() < stamps_at_once; ++k)
      seconds.push_back(seconds_of(first_step + static_cast<std::int64_t>(k) * every_));
    hdf5::write_block(stamps_.get(), H5T_NATIVE_DOUBLE, {first + n}, {seconds.size()}, seconds.data());
  }
}

void RunSeries::even_out() {
  const std::size_t all = std::max(samples_, timed_);
  if (hdf5::shape(data_.get())[0] < all) hdf5::set_shape(data_.get(), {all, neurons_});
  if (stamps_ && hdf5::shape(stamps_.get())[0] < all) hdf5::set_shape(stamps_.get(), {all});
}

template void RunSeries::write(std::size_t, const arma::Mat<float> &);
template void RunSeries::write(std::size_t, const arma::Mat<double> &);

} // namespace engram::record
