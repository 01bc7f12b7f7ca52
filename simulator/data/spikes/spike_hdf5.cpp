// read_spike_hdf5() reads spike times from HDF5 files, in a child process: populations of SONATA, a group with a train
// in each dataset, lists of variable length, or an array.
#include "data/array_stream.hpp"
#include "data/bytes.hpp"
#include "data/hdf5_array.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"
#include "data/printable.hpp"
#include "data/spikes/sonata.hpp"
#include "data/spikes/stored_spikes.hpp"
#include "data/suggest.hpp"

#include <algorithm>

namespace engram::data {

namespace {

/// What the child found: a population of SONATA (lists: nodes, times; names: its own), lists with names, or an array.
struct FoundSpikes {
  enum class Kind { population, lists, array };
  Kind kind = Kind::lists;
  std::string unit; ///< of time, as the file writes it
  std::vector<std::string> names;
  std::vector<std::vector<double>> lists;
  Array array;
};
auto members(FoundSpikes &found) { return std::tie(found.kind, found.unit, found.names, found.lists, found.array); }

std::string unit_text(hid_t object) {
  return hdf5::attribute_text(object, "units", hdf5::attribute_text(object, "unit"));
}

/// Those of the key, or all.
std::vector<std::string> chosen_populations(const std::vector<std::string> &paths, const std::string &key) {
  std::string wanted = key;
  while (wanted.starts_with('/')) wanted.erase(0, 1);
  if (wanted.empty() || wanted == "spikes") return paths;
  for (const std::string &path : paths)
    if (path == wanted || path == "spikes/" + wanted) return {path};
  return {};
}

std::vector<FoundSpikes> populations(hid_t file, const std::vector<std::string> &paths) {
  std::vector<FoundSpikes> all;
  for (const std::string &path : paths) {
    SonataPopulation one = read_sonata(file, path);
    all.push_back(
        {FoundSpikes::Kind::population, one.units, {one.name}, {std::move(one.nodes), std::move(one.times)}, {}});
  }
  return all;
}

/// A group with a train in each of its datasets.
FoundSpikes trains_of_group(hid_t group, const std::string &where) {
  FoundSpikes found;
  found.unit = unit_text(group);
  for (const std::string &name : hdf5::children(group)) {
    const hdf5::Handle member = hdf5::open_object(group, name);
    if (!member || !hdf5::is_dataset(member.get()) || !hdf5::holds_numbers(member.get()) ||
        hdf5::shape(member.get()).size() != 1)
      throw DataError(where + " is a group, and its member " + data::quoted(name) + " is no list of numbers");
    const std::string own = unit_text(member.get());
    if (!own.empty() && !found.unit.empty() && own != found.unit)
      throw DataError(where + ": its members have times in " + printable(found.unit) + " and in " + printable(own));
    if (found.unit.empty()) found.unit = own;
    found.names.push_back(name);
    found.lists.push_back(hdf5::read_rows(member.get(), 0, hdf5::row_count(member.get())));
  }
  if (found.names.empty()) throw DataError(where + " is a group without lists of numbers");
  return found;
}

FoundSpikes spikes_of_object(hid_t file, const std::string &path, const std::string &key) {
  const hdf5::Handle object = hdf5::find_object(file, key, path);
  if (!hdf5::is_dataset(object.get())) return trains_of_group(object.get(), path + ": " + data::quoted(key));
  FoundSpikes found;
  found.unit = unit_text(object.get());
  if (hdf5::holds_lists(object.get())) {
    found.lists = hdf5::read_lists(object.get());
    for (std::size_t k = 0; k < found.lists.size(); ++k) found.names.push_back(std::to_string(k + 1));
  } else {
    found.kind = FoundSpikes::Kind::array;
    found.array = hdf5::read_array(object.get());
  }
  return found;
}

std::vector<FoundSpikes> find_spikes(const SpikeSource &source) {
  const hdf5::Handle file = hdf5::open_read(source.file);
  hdf5::outside_files(source.file);
  const auto chosen = chosen_populations(sonata_paths(file.get()), source.key);
  if (!chosen.empty()) return populations(file.get(), chosen);
  if (!source.key.empty()) return {spikes_of_object(file.get(), source.file, source.key)};
  if (!report_paths(file.get()).empty())
    throw DataError(source.file +
                    ": holds reports of SONATA, and no spikes: \"threshold\" (mV) takes spikes from a report");
  throw DataError(source.file + ": say by \"key\" where its spike times are; arrays in it: " +
                  printable_list(hdf5::array_paths(hdf5::find_object(file.get(), "/", source.file).get())));
}

/// The unit that a file writes, in our words. Errors: DataError for one that is unknown.
std::string known_unit(const std::string &text, const std::string &file) {
  const std::string unit = time_unit_of(text);
  if (!text.empty() && unit.empty())
    throw DataError(file + ": its times are in " + data::quoted(text) + ", which is no unit of time that is known");
  return unit;
}

StoredSpikes stored_of(FoundSpikes found, const SpikeSource &source, std::vector<std::string> &notes) {
  // The library may have damaged the child's memory.
  const bool population = found.kind == FoundSpikes::Kind::population;
  if (found.names.size() != (population ? 1 : found.lists.size()) || (population && found.lists.size() != 2))
    throw DataError(source.file + ": is damaged (the library that reads it failed)");
  StoredSpikes spikes;
  if (population) {
    spikes = spikes_of_pairs(found.lists[0], found.lists[1], source.file);
    spikes.population = found.names[0];
    notes.push_back(source.file + ": nodes without a spike are not in a SONATA file, and are not counted");
    if (found.unit.empty() && source.unit.empty()) {
      notes.push_back(source.file + ": says no unit of its times; SONATA's is ms ('unit' says another)");
      found.unit = "ms";
    }
  } else if (found.kind == FoundSpikes::Kind::array) {
    spikes = spikes_of_array(found.array, source, notes);
  } else {
    spikes = spikes_of_lists(std::move(found.lists), source.file);
    spikes.units = std::move(found.names);
  }
  spikes.time_unit = known_unit(found.unit, source.file);
  return spikes;
}

} // namespace

std::vector<StoredSpikes> read_spike_hdf5(const SpikeSource &source, std::vector<std::string> &notes) {
  require_file(source.file);
  std::vector<FoundSpikes> found;
  hdf5::as_data_error(source.file, [&] {
    isolated(
        source.file, source.file, [&](ChildStream &out) { put(out, find_spikes(source)); },
        [&](ChildStream &in) { take(in, found); });
  });
  std::vector<StoredSpikes> all;
  for (FoundSpikes &one : found) all.push_back(stored_of(std::move(one), source, notes));
  return all;
}

std::string hdf5_content(const std::string &path) {
  require_file(path);
  const auto look = [&](ChildStream &out) {
    const hdf5::Handle file = hdf5::open_read(path);
    hdf5::outside_files(path);
    const hdf5::Handle root = hdf5::find_object(file.get(), "/", path);
    const bool sonata = !sonata_paths(file.get()).empty() || !report_paths(file.get()).empty();
    const bool nwb = hdf5::has_attribute(root.get(), "nwb_version") || hdf5::exists(root.get(), "nwb_version");
    put(out, std::string(nwb ? "NWB" : sonata ? "SONATA" : "HDF5"));
  };
  std::string content;
  hdf5::as_data_error(path, [&] { isolated(path, path, look, [&](ChildStream &in) { take(in, content); }); });
  return content;
}

} // namespace engram::data
