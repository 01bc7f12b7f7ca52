// These functions say when units and time series of an NWB file were observed. SpikeCheck leaves out spikes that cannot
// be, and tells which.
#pragma once

#include "data/nwb.hpp"
#include "measures/observation.hpp"
#include "recordings/config.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace engram::recordings {

using Watched = std::shared_ptr<const measures::Observation>;

/// By unit, in ms: its observation intervals, cut at `borders` (ms, sorted). Where the file has none, all units were
/// observed for the extent of the recording: of its spikes, tables of intervals and time series that they overlap with.
/// Notes say so, and which intervals are none.
std::vector<Watched> watched_units(const data::NwbFile &file, const data::NwbUnits &units,
                                   const std::vector<double> &borders, std::vector<std::string> &notes);

class SpikeCheck {
public:
  /// The spikes of a unit (ms), sorted. Those that are no numbers or were not observed are left out; spikes at one
  /// time all stay.
  measures::SpikeTrain kept(const std::string &unit, std::vector<double> times, const measures::Observation &observed);
  /// Notes name the units and times of what was found in all of them.
  void tell(const std::string &file, std::vector<std::string> &notes) const;

private:
  struct Found {
    std::string unit;
    std::size_t count = 0;
    std::string where; ///< of the first
  };
  std::vector<Found> no_numbers_, outside_, doubled_;
};

/// When the samples of a series were taken.
struct Sampling {
  std::vector<double> times;  ///< s; empty where the series has a rate
  double step = 0;            ///< ms, from one sample to the next: the median
  measures::Observation when; ///< ms; a gap is longer than five steps
};
/// Never, where the series has neither times nor a rate.
Sampling sampling_of(const data::NwbFile &file, const data::NwbSeries &series);

} // namespace engram::recordings
