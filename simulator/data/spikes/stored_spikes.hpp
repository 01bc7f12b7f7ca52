// StoredSpikes are spike times as a file has them, before their unit of time is settled.
#pragma once

#include "data/array.hpp"
#include "data/spikes/spike_trains.hpp"
#include "data/table.hpp"

#include <string>
#include <vector>

namespace engram::data {

struct StoredSpikes {
  std::string population;
  std::vector<std::string> units;
  std::vector<std::vector<double>> times; ///< by unit, in the order of the file
  std::string time_unit;                  ///< as the file says: "s", "ms", "us", "samples"; "": it says nothing
  double rate_hz = 0;                     ///< of samples, as the file says; 0: it does not
};

/// "s", "ms", "us" or "samples" for the words that files have for them ("seconds", "msec", …); "" for others.
std::string time_unit_of(const std::string &word);

/// Trains called 1, 2, … Errors: DataError for a time that is not finite.
StoredSpikes spikes_of_lists(std::vector<std::vector<double>> lists, const std::string &file);
/// By the unit of each time. Units come in ascending order. Errors: DataError for different lengths, a unit that is no
/// whole number, a time that is not finite.
StoredSpikes spikes_of_pairs(const std::vector<double> &units, const std::vector<double> &times,
                             const std::string &file);
/// What a plain array means, by its shape and the layout that is asked for. NaN at the end of a row is padding. Errors:
/// DataError where it could mean several things.
StoredSpikes spikes_of_array(const Array &array, const SpikeSource &source, std::vector<std::string> &notes);

/// Rows of unit and time, whose columns may have names. `time_unit` receives what the name of the time's column says.
/// Errors: DataError for other columns.
Table unit_and_time(Table table, const std::string &file, std::string &time_unit);

// Each reads one kind of file.
StoredSpikes read_spike_text(const SpikeSource &source, std::vector<std::string> &notes);
StoredSpikes read_spike_cells(const SpikeSource &source, std::vector<std::string> &notes); ///< mat
std::vector<StoredSpikes> read_spike_hdf5(const SpikeSource &source, std::vector<std::string> &notes);

/// In ms, sorted. Errors: DataError where the unit is not known, or is said differently by the file and the source.
SpikeTrains in_ms(StoredSpikes stored, const SpikeSource &source);

} // namespace engram::data
