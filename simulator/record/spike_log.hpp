// A SpikeLog keeps the spikes of a run in order of time, in a file beside the run file. When the run file is finished,
// it writes them unit by unit, as NWB requires. Its memory does not grow with the number of spikes.
#pragma once

#include "record/nwb_write.hpp"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace engram::record {

/// Errors: Failed, one line that begins with the file's name.
class SpikeLog {
public:
  /// Spikes are kept in `path` until write(), which removes it. `step_s`: of the grid on which most runs' spikes lie.
  SpikeLog(std::string path, double step_s) : path_(std::move(path)), step_s_(step_s) {}
  ~SpikeLog();
  SpikeLog(const SpikeLog &) = delete;
  SpikeLog &operator=(const SpikeLog &) = delete;

  /// Units of a region: one for each of these neurons. Returns the number of the first.
  std::size_t add_units(const std::string &region, const std::vector<std::size_t> &neurons);
  bool empty() const { return regions_.empty(); }
  void add(std::size_t unit, double seconds);
  /// Time for which the units of a region, of which `first` is the first, were watched.
  void observe(std::size_t first, double start_s, double stop_s);
  /// Writes /units, as far as they go, into an NWB file.
  void write_units(hid_t file, const nwb::Identity &identity);
  /// The same, at the end.
  void write(hid_t file, const nwb::Identity &identity);

private:
  struct Event {
    std::uint32_t unit = 0;
    double seconds = 0;
  };
  struct Close {
    void operator()(std::FILE *file) const { std::fclose(file); }
  };
  void flush();
  template <class F> void replay(F &&each);
  void write_times(hid_t times, const std::vector<std::uint64_t> &index);

  std::string path_;
  double step_s_ = 0;
  bool on_grid_ = true; // are all spikes?
  std::unique_ptr<std::FILE, Close> file_;
  struct Region {
    std::string name;
    std::size_t first = 0; // unit
    std::vector<std::int64_t> neurons;
    std::vector<double> observed; // start, stop, start, stop, …
  };
  std::vector<Region> regions_;
  std::vector<std::uint64_t> counts_; // by unit
  std::vector<Event> held_;
};

} // namespace engram::record
