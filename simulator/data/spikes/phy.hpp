// These functions read a folder of phy, as Kilosort and phy write it: spike_times.npy in samples, spike_clusters.npy,
// params.py with the sampling rate, and tables of the clusters.
#pragma once

#include "data/spikes/spike_trains.hpp"

#include <string>
#include <vector>

namespace engram::data {

/// What params.py says. It is read as text, and never run: each line NAME = NUMBER or NAME = 'TEXT' is looked at alone.
struct PhyParameters {
  double sample_rate = 0;          ///< Hz; 0: not given as a plain number
  std::string dat_path;            ///< the raw recording; "" where it is not one plain text
  std::string dtype;               ///< of its values
  double channels = 0, offset = 0; ///< of it: channels; bytes before its first value
};
/// Errors: DataError.
PhyParameters read_phy_parameters(const std::string &path);

/// The clusters as units, with columns such as "group". The recording's extent is that of the raw recording, where this
/// is there. Errors: DataError.
SpikeTrains read_phy(const SpikeSource &source, std::vector<std::string> &notes);

/// The folder of a path for which is_phy() holds.
std::string phy_folder(const std::string &path);

} // namespace engram::data
