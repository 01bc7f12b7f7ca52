// read_spike_hdf5() reads spike times from HDF5 files, in a child process: populations of SONATA, a group with a train
// in each dataset, lists of variable length, or an array.
#include "data/bytes.hpp"
#include "data/hdf5_array.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"
#include "data/packed.hpp"
#include "data/printable.hpp"
#include "data/spikes/sonata.hpp"
#include "data/spikes/stored_spikes.hpp"
#include "data/suggest.hpp"

#include <algorithm>

namespace engram::data {

namespace {

// What the child says that it found.
enum : std::uint64_t { found_sonata, found_lists, found_array };

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

void pack_sonata(hid_t file, const std::vector<std::string> &paths, Packer &packer) {
  packer.count(found_sonata);
  packer.count(paths.size());
  for (const std::string &path : paths) {
    const SonataPopulation population = read_sonata(file, path);
    packer.text(population.name);
    packer.text(population.units);
    packer.numbers(population.nodes);
    packer.numbers(population.times);
  }
}

void pack_lists(const std::vector<std::string> &names, const std::string &unit,
                const std::vector<std::vector<double>> &lists, Packer &packer) {
  packer.count(found_lists);
  packer.text(unit);
  packer.texts(names);
  for (const auto &list : lists) packer.numbers(list);
}

/// A group with a train in each of its datasets.
void pack_group(hid_t group, const std::string &where, Packer &packer) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> lists;
  std::string unit = unit_text(group);
  for (const std::string &name : hdf5::children(group)) {
    const hdf5::Handle member = hdf5::open_object(group, name);
    if (!member || !hdf5::is_dataset(member.get()) || !hdf5::holds_numbers(member.get()) ||
        hdf5::shape(member.get()).size() != 1)
      throw DataError(where + " is a group, and its member " + data::quoted(name) + " is no list of numbers");
    const std::string own = unit_text(member.get());
    if (!own.empty() && !unit.empty() && own != unit)
      throw DataError(where + ": its members have times in " + printable(unit) + " and in " + printable(own));
    if (unit.empty()) unit = own;
    names.push_back(name);
    lists.push_back(hdf5::read_rows(member.get(), 0, hdf5::row_count(member.get())));
  }
  if (names.empty()) throw DataError(where + " is a group without lists of numbers");
  pack_lists(names, unit, lists, packer);
}

void pack_object(hid_t file, const std::string &path, const std::string &key, Packer &packer) {
  const hdf5::Handle object = hdf5::find_object(file, key, path);
  const std::string where = path + ": " + data::quoted(key);
  if (!hdf5::is_dataset(object.get())) return pack_group(object.get(), where, packer);
  if (hdf5::holds_lists(object.get())) {
    const auto lists = hdf5::read_lists(object.get());
    std::vector<std::string> names;
    for (std::size_t k = 0; k < lists.size(); ++k) names.push_back(std::to_string(k + 1));
    return pack_lists(names, unit_text(object.get()), lists, packer);
  }
  const Array array = hdf5::read_array(object.get());
  packer.count(found_array);
  packer.text(unit_text(object.get()));
  packer.array(array);
}

Bytes read_in_child(const SpikeSource &source) {
  return isolated(source.file, source.file, [&] {
    const hdf5::Handle file = hdf5::open_read(source.file);
    hdf5::outside_files(source.file);
    const auto paths = sonata_paths(file.get());
    const auto chosen = chosen_populations(paths, source.key);
    Packer packer;
    if (!chosen.empty())
      pack_sonata(file.get(), chosen, packer);
    else if (!source.key.empty())
      pack_object(file.get(), source.file, source.key, packer);
    else
      throw DataError(source.file + ": say by \"key\" where its spike times are; arrays in it: " +
                      printable_list(hdf5::array_paths(hdf5::find_object(file.get(), "/", source.file).get())));
    return packer.take();
  });
}

/// The unit that a file writes, in our words. Errors: DataError for one that is unknown.
std::string known_unit(const std::string &text, const std::string &file) {
  const std::string unit = time_unit_of(text);
  if (!text.empty() && unit.empty())
    throw DataError(file + ": its times are in " + data::quoted(text) + ", which is no unit of time that is known");
  return unit;
}

std::vector<StoredSpikes> unpack_sonata(Unpacker &unpacker, const SpikeSource &source,
                                        std::vector<std::string> &notes) {
  std::vector<StoredSpikes> all;
  bool said = true;
  for (std::uint64_t left = unpacker.count(); left > 0; --left) {
    const std::string name = unpacker.text(), unit = unpacker.text();
    const auto nodes = unpacker.numbers(), times = unpacker.numbers();
    all.push_back(spikes_of_pairs(nodes, times, source.file));
    all.back().population = name;
    all.back().time_unit = known_unit(unit, source.file);
    said = said && !unit.empty();
    if (unit.empty() && source.unit.empty()) all.back().time_unit = "ms";
  }
  if (!said && source.unit.empty())
    notes.push_back(source.file + ": says no unit of its times; SONATA's is ms ('unit' says another)");
  notes.push_back(source.file + ": nodes without a spike are not in a SONATA file, and are not counted");
  return all;
}

} // namespace

std::vector<StoredSpikes> read_spike_hdf5(const SpikeSource &source, std::vector<std::string> &notes) {
  require_file(source.file);
  const Bytes bytes = read_in_child(source);
  Unpacker unpacker(bytes, source.file);
  const std::uint64_t found = unpacker.count();
  if (found == found_sonata) return unpack_sonata(unpacker, source, notes);
  const std::string unit = known_unit(unpacker.text(), source.file);
  StoredSpikes spikes;
  if (found == found_lists) {
    auto names = unpacker.texts();
    std::vector<std::vector<double>> lists;
    for (std::size_t k = 0; k < names.size(); ++k) lists.push_back(unpacker.numbers());
    spikes = spikes_of_lists(std::move(lists), source.file);
    spikes.units = std::move(names);
  } else {
    spikes = spikes_of_array(unpacker.array(), source, notes);
  }
  spikes.time_unit = unit;
  return {spikes};
}

std::string hdf5_content(const std::string &path) {
  require_file(path);
  const Bytes bytes = isolated(path, path, [&] {
    const hdf5::Handle file = hdf5::open_read(path);
    hdf5::outside_files(path);
    const hdf5::Handle root = hdf5::find_object(file.get(), "/", path);
    const bool nwb = hdf5::has_attribute(root.get(), "nwb_version") || hdf5::exists(root.get(), "nwb_version");
    Packer packer;
    packer.text(nwb ? "NWB" : sonata_paths(file.get()).empty() ? "HDF5" : "SONATA");
    return packer.take();
  });
  return Unpacker(bytes, path).text();
}

} // namespace engram::data
