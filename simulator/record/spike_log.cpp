#include "record/spike_log.hpp"
#include "error/error.hpp"

#include "record/rename.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <numeric>
#include <unistd.h>

namespace engram::record {

namespace hdf5 = data::hdf5;

namespace {

constexpr std::size_t events_held = 1u << 16;
constexpr std::size_t times_at_once = std::size_t{32} << 20; // sorted in memory when the file is finished

// The smallest unsigned type that holds the value, as hdmf has it. SpikeInterface slices arrays with these numbers, and
// NumPy takes int64 and uint64 together for float64, which slices nothing.
hid_t index_type(std::uint64_t largest) {
  if (largest <= 0xFF) return H5T_STD_U8LE;
  if (largest <= 0xFFFF) return H5T_STD_U16LE;
  return largest <= 0xFFFFFFFF ? H5T_STD_U32LE : H5T_STD_U64LE;
}

// Column `name` of the units whose rows differ in length: values end to end, and where each row ends.
void write_index(hid_t group, const std::string &name, const std::vector<std::uint64_t> &ends,
                 const nwb::Identity &identity) {
  hdf5::Layout layout;
  layout.shape = {ends.size()};
  const hdf5::Handle index =
      hdf5::create_dataset(group, name + "_index", index_type(ends.empty() ? 0 : ends.back()), layout);
  if (!ends.empty()) hdf5::write_block(index.get(), H5T_NATIVE_UINT64, {0}, {ends.size()}, ends.data());
  nwb::set_type(index.get(), "VectorIndex", "hdmf-common", identity);
  hdf5::set_attribute(index.get(), "description", "end of each unit's rows in " + name);
  hobj_ref_t target{};
  if (H5Rcreate(&target, group, name.c_str(), H5R_OBJECT, -1) < 0) hdf5::fail(group, "cannot refer to " + name);
  const hdf5::Handle space(H5Screate(H5S_SCALAR));
  const hdf5::Handle attribute(
      H5Acreate2(index.get(), "target", H5T_STD_REF_OBJ, space.get(), H5P_DEFAULT, H5P_DEFAULT));
  if (!attribute || H5Awrite(attribute.get(), H5T_STD_REF_OBJ, &target) < 0)
    hdf5::fail(index.get(), "cannot be given its target");
}

hdf5::Handle times_column(hid_t group, const std::string &name, const std::vector<hsize_t> &shape,
                          const std::string &description, const nwb::Identity &identity) {
  hdf5::Layout layout;
  layout.shape = layout.limit = shape;
  if (shape[0] > 0) {
    layout.chunk = shape;
    layout.chunk[0] = std::min<hsize_t>(shape[0], 32768);
    layout.compress = true;
  }
  hdf5::Handle column = hdf5::create_dataset(group, name, H5T_IEEE_F64LE, layout);
  nwb::set_type(column.get(), "VectorData", "hdmf-common", identity);
  hdf5::set_attribute(column.get(), "description", description);
  return column;
}

} // namespace

SpikeLog::~SpikeLog() {
  if (!file_) return;
  try {
    flush();
    std::fflush(file_.get());
  } catch (...) { // a destructor throws nothing: what is on the disk by now is what can be kept
  }
}

std::size_t SpikeLog::add_units(const std::string &region, const std::vector<std::size_t> &neurons) {
  if (!file_) {
    int log = -1; // never through a link, nor over what a killed run left
    while ((log = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)) < 0 &&
           errno == EEXIST && rename_beside(path_, path_, "old").first == 0) {
    }
    file_.reset(log < 0 ? nullptr : ::fdopen(log, "w+b"));
    if (!file_) throw Failed(path_ + ": cannot be written: " + std::strerror(errno));
  }
  const std::size_t first = counts_.size();
  regions_.push_back({region, first, {neurons.begin(), neurons.end()}, {}});
  counts_.resize(first + neurons.size(), 0);
  return first;
}

void SpikeLog::add(std::size_t unit, double seconds) {
  ++counts_[unit];
  const double steps = seconds / step_s_;
  on_grid_ = on_grid_ && std::abs(steps - std::round(steps)) < 1e-4;
  held_.push_back({static_cast<std::uint32_t>(unit), seconds});
  if (held_.size() >= events_held) flush();
}

void SpikeLog::observe(std::size_t first, double start_s, double stop_s) {
  for (auto &region : regions_) {
    if (region.first != first) continue;
    auto &observed = region.observed;
    if (!observed.empty() && observed.back() == start_s)
      observed.back() = stop_s; // trials that follow each other are one interval
    else
      observed.insert(observed.end(), {start_s, stop_s});
  }
}

void SpikeLog::flush() {
  if (std::fwrite(held_.data(), sizeof(Event), held_.size(), file_.get()) != held_.size())
    throw Failed(path_ + ": cannot be written: " + std::strerror(errno));
  held_.clear();
}

template <class F> void SpikeLog::replay(F &&each) {
  std::rewind(file_.get());
  std::vector<Event> block(events_held);
  while (const std::size_t got = std::fread(block.data(), sizeof(Event), block.size(), file_.get()))
    for (std::size_t k = 0; k < got; ++k) each(block[k]);
  if (std::ferror(file_.get())) throw Failed(path_ + ": cannot be read again: " + std::strerror(errno));
}

// As many units at a time as fit into memory; for each such share the log is read once.
void SpikeLog::write_times(hid_t times, const std::vector<std::uint64_t> &ends) {
  for (std::size_t first = 0; first < ends.size();) {
    const std::uint64_t begin = first == 0 ? 0 : ends[first - 1];
    std::size_t last = first + 1;
    while (last < ends.size() && ends[last] - begin <= times_at_once) ++last;
    std::vector<double> sorted(ends[last - 1] - begin);
    std::vector<std::uint64_t> next(last - first);
    for (std::size_t u = first; u < last; ++u) next[u - first] = (u == 0 ? 0 : ends[u - 1]) - begin;
    replay([&](const Event &e) {
      if (e.unit >= first && e.unit < last) sorted[next[e.unit - first]++] = e.seconds;
    });
    if (!sorted.empty()) hdf5::write_block(times, H5T_NATIVE_DOUBLE, {begin}, {sorted.size()}, sorted.data());
    first = last;
  }
}

void SpikeLog::write_units(hid_t file, const nwb::Identity &identity) {
  if (!file_) return; // nothing to write, or written already
  flush();
  const std::size_t units = counts_.size();
  std::vector<std::uint64_t> ends(units);
  std::uint64_t total = 0;
  for (std::size_t u = 0; u < units; ++u) ends[u] = total += counts_[u];

  nwb::DynamicTable table(file, "units", "Units", "neurons of the circuit whose spikes were recorded",
                          {{"region", nwb::ColumnType::text, "region of the model"},
                           {"neuron", nwb::ColumnType::integer, "number of the neuron in its region, from 0"}},
                          identity, {"spike_times", "obs_intervals"});
  table.resize(units);
  std::vector<double> observed;
  std::vector<std::uint64_t> observed_ends;
  for (const auto &region : regions_) {
    table.write(0, region.first, std::vector<std::string>(region.neurons.size(), region.name));
    table.write(1, region.first, region.neurons);
    for (std::size_t n = 0; n < region.neurons.size(); ++n) {
      observed.insert(observed.end(), region.observed.begin(), region.observed.end());
      observed_ends.push_back(observed.size() / 2);
    }
  }
  const hdf5::Handle group = hdf5::open_group(file, "units");
  const hdf5::Handle times =
      times_column(group.get(), "spike_times", {total}, "when the unit spiked, in seconds", identity);
  // Those who count time in samples take 1 / resolution for their rate.
  if (on_grid_) hdf5::set_attribute(times.get(), "resolution", step_s_);
  write_times(times.get(), ends);
  write_index(group.get(), "spike_times", ends, identity);

  const std::size_t intervals = observed.size() / 2;
  const hdf5::Handle stretches =
      times_column(group.get(), "obs_intervals", {intervals, 2}, "when the unit was observed, in seconds", identity);
  if (intervals > 0) hdf5::write_block(stretches.get(), H5T_NATIVE_DOUBLE, {0, 0}, {intervals, 2}, observed.data());
  write_index(group.get(), "obs_intervals", observed_ends, identity);
  if (std::fseek(file_.get(), 0, SEEK_END) != 0) // more spikes may follow
    throw Failed(path_ + ": cannot be written: " + std::strerror(errno));
}

void SpikeLog::write(hid_t file, const nwb::Identity &identity) {
  if (!file_) return;
  write_units(file, identity);
  file_.reset();
  ::unlink(path_.c_str());
}

} // namespace engram::record
