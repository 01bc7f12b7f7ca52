#include "data/spikes/sonata.hpp"

#include "data/hdf5_object.hpp"

namespace engram::data {

namespace {

/// The dataset of the nodes' numbers.
std::string node_name(hid_t group) { return hdf5::exists(group, "node_ids") ? "node_ids" : "gids"; }

bool is_list(hid_t group, const std::string &name) {
  if (!hdf5::exists(group, name)) return false;
  const hdf5::Handle dataset = hdf5::open_object(group, name);
  return dataset && hdf5::is_dataset(dataset.get()) && hdf5::holds_numbers(dataset.get()) &&
         hdf5::shape(dataset.get()).size() <= 1;
}

bool is_population(hid_t group) { return is_list(group, "timestamps") && is_list(group, node_name(group)); }

std::vector<double> list_of(hid_t group, const std::string &name) {
  const hdf5::Handle dataset = hdf5::open_dataset(group, name);
  return hdf5::read_rows(dataset.get(), 0, hdf5::row_count(dataset.get()));
}

} // namespace

std::vector<std::string> sonata_paths(hid_t file) {
  std::vector<std::string> paths;
  if (!hdf5::exists(file, "spikes")) return paths;
  const hdf5::Handle spikes = hdf5::open_object(file, "spikes");
  if (!spikes || !hdf5::is_group(spikes.get())) return paths;
  if (is_population(spikes.get())) paths.emplace_back("spikes");
  for (const std::string &name : hdf5::children(spikes.get())) {
    const hdf5::Handle group = hdf5::open_object(spikes.get(), name);
    if (group && hdf5::is_group(group.get()) && is_population(group.get())) paths.push_back("spikes/" + name);
  }
  return paths;
}

SonataPopulation read_sonata(hid_t file, const std::string &path) {
  const hdf5::Handle group = hdf5::open_group(file, path), times = hdf5::open_dataset(group.get(), "timestamps");
  SonataPopulation population;
  population.path = path;
  if (path.starts_with("spikes/")) population.name = path.substr(7);
  population.nodes = list_of(group.get(), node_name(group.get()));
  population.times = list_of(group.get(), "timestamps");
  population.units = hdf5::attribute_text(times.get(), "units", hdf5::attribute_text(times.get(), "unit"));
  return population;
}

} // namespace engram::data
