#include "data/spikes/spike_trains.hpp"

#include "data/array.hpp"
#include "data/bytes.hpp"
#include "data/read.hpp"
#include "data/spikes/phy.hpp"
#include "data/spikes/stored_spikes.hpp"

#include <algorithm>

namespace engram::data {

namespace {

std::vector<double> list_of_array(const std::string &file, const std::string &key) {
  const Array array = read_array(file, key);
  const auto wide =
      std::count_if(array.shape.begin(), array.shape.end(), [](std::size_t extent) { return extent > 1; });
  if (wide > 1)
    throw DataError(file + (key.empty() ? "" : ":" + key) + ": is a matrix; with clusters, times are one list");
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

/// Times in one array, and the unit of each in another.
StoredSpikes spikes_with_clusters(const SpikeSource &source) {
  if (!source.layout.empty())
    throw DataError(source.file + ": with \"clusters\" the times are one list; leave \"layout\" out");
  const std::string &clusters = source.clusters_file.empty() ? source.file : source.clusters_file;
  return spikes_of_pairs(list_of_array(clusters, source.clusters_key), list_of_array(source.file, source.key),
                         source.file);
}

std::vector<StoredSpikes> stored_spikes(const SpikeSource &source, std::vector<std::string> &notes) {
  const auto ends = [&](const char *ending) { return source.file.ends_with(ending); };
  require_file(source.file);
  if (!source.clusters_file.empty() || !source.clusters_key.empty()) return {spikes_with_clusters(source)};
  if (ends(".nwb")) throw DataError(source.file + ": is an NWB file, whose units are read without \"spikes\"");
  if (ends(".h5") || ends(".hdf5")) return read_spike_hdf5(source, notes);
  if (ends(".mat")) return {read_spike_cells(source, notes)};
  if (ends(".npy") || ends(".npz")) return {spikes_of_array(read_array(source.file, source.key), source, notes)};
  return {read_spike_text(source, notes)};
}

} // namespace

std::vector<SpikeTrains> read_spike_trains(const SpikeSource &source, std::vector<std::string> &notes) {
  if (is_phy(source.file)) return {read_phy(source, notes)};
  std::vector<SpikeTrains> all;
  for (StoredSpikes &stored : stored_spikes(source, notes)) all.push_back(in_ms(std::move(stored), source));
  return all;
}

} // namespace engram::data
