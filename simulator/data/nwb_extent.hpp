// extent_of() says from when to when an NWB file recorded, where its units have no observation intervals.
#pragma once

#include "data/nwb.hpp"

#include <string>
#include <vector>

namespace engram::data {

/// Of the spikes of all units, and of the tables of intervals and time series that are named.
struct NwbExtent {
  double start_s = not_given, stop_s = not_given; ///< NaN: nothing says it
  std::vector<std::string> by;                    ///< "trials", "time series"; empty: spikes alone
  bool known() const { return start_s < stop_s; }
  /// "the extent of spikes, trials", or "the first and last spike of all units".
  std::string source() const;
};

/// Series of another clock, which do not overlap with the spikes and tables, do not count. Errors: as NwbFile reads.
NwbExtent extent_of(const NwbFile &file, const NwbUnits &units);

} // namespace engram::data
