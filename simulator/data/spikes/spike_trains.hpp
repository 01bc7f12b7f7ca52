// read_spike_trains() reads the spike times of units from text, NumPy, MATLAB and HDF5 files, SONATA files, and folders
// of phy, into one struct.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace engram::data {

/// A property of the units, as the "group" of phy's clusters.
struct UnitColumn {
  std::string name;
  std::vector<std::string> values; ///< by unit; "" where it is not given
};

struct SpikeTrains {
  std::string population;                                     ///< as the file names it, or ""
  std::vector<std::string> units;                             ///< their ids in the file, each once
  std::vector<std::vector<double>> times_ms;                  ///< by unit, sorted
  double start_ms = std::numeric_limits<double>::quiet_NaN(); ///< of the recording, where the file says so
  double stop_ms = std::numeric_limits<double>::quiet_NaN();
  std::vector<UnitColumn> columns;
};

/// Where spike times are, and what the file does not say of them.
struct SpikeSource {
  std::string file;                        ///< or a folder of phy, or its params.py
  std::string key;                         ///< of what is within the file: an array, cells, a group, a population
  std::string clusters_file, clusters_key; ///< the unit of each of the times; both "": there is no such array
  std::string unit;                        ///< of the times: "s", "ms", "us", "samples"; "": the file says it
  double rate_hz = 0;                      ///< of samples; 0: the file says it
  std::string
      layout; ///< "rows": a train in each; "column": one train; "pairs": rows of unit and time; "": what is plain
};

/// One or, of a SONATA file, each population. Notes say what was assumed.
/// Errors: DataError that begins with the file, also where the unit of the times is neither said by the file nor given.
std::vector<SpikeTrains> read_spike_trains(const SpikeSource &source, std::vector<std::string> &notes);

/// Is it a folder of phy, or its params.py?
bool is_phy(const std::string &path);

/// What an HDF5 file is: "NWB", "SONATA" (spikes or reports), or "HDF5". A child process looks. Errors: DataError.
std::string hdf5_content(const std::string &path);

} // namespace engram::data
