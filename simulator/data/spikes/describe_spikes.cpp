#include "data/spikes/describe_spikes.hpp"

#include "data/array.hpp"
#include "data/describe_parts.hpp"
#include "data/hdf5_object.hpp"
#include "data/printable.hpp"
#include "data/spikes/phy.hpp"
#include "data/spikes/sonata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace engram::data {

namespace {

constexpr std::size_t most_spikes_read = 20'000'000;

std::string counted(std::size_t count, const char *noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Node cluster_table(const SpikeTrains &trains) {
  Node table;
  table.name = "clusters";
  table.kind = "table";
  std::size_t spikes = 0;
  double first = Node::none, last = Node::none;
  for (const auto &train : trains.times_ms) {
    spikes += train.size();
    if (train.empty()) continue;
    first = std::isnan(first) ? train.front() : std::min(first, train.front());
    last = std::isnan(last) ? train.back() : std::max(last, train.back());
  }
  table.facts = {counted(trains.units.size(), "unit"), counted(spikes, "spike")};
  const bool known = trains.stop_ms > trains.start_ms;
  if (!known) table.facts.emplace_back("from the first to the last spike");
  table.start_s = (known ? trains.start_ms : first) / 1000;
  table.duration_s = (known ? trains.stop_ms - trains.start_ms : last - first) / 1000;
  for (const UnitColumn &column : trains.columns) {
    Node node;
    node.name = column.name;
    node.kind = "column";
    node.type = "text";
    set_distinct(node, column.values);
    table.children.push_back(std::move(node));
  }
  return table;
}

/// The arrays beside the spikes.
void add_arrays(const std::string &folder, FileDescription &description) {
  constexpr std::size_t most_arrays = 200;
  std::set<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".npy" && names.size() < most_arrays)
      names.insert(entry.path().filename().string());
  for (const std::string &name : names) {
    Node node;
    const std::string path = (std::filesystem::path(folder) / name).string();
    try {
      node = describe_npy(path).children.at(0);
    } catch (const DataError &error) {
      const std::string why = error.what();
      node.facts.push_back(why.starts_with(path + ": ") ? why.substr(path.size() + 2) : why);
    }
    node.name = name;
    description.children.push_back(std::move(node));
  }
}

Node *find_node(std::vector<Node> &nodes, std::string_view path) {
  const std::size_t slash = path.find('/');
  for (Node &node : nodes) {
    if (node.name != path.substr(0, slash)) continue;
    return slash == std::string_view::npos ? &node : find_node(node.children, path.substr(slash + 1));
  }
  return nullptr;
}

std::string population_fact(const SonataPopulation &population) {
  const std::set<double> nodes(population.nodes.begin(), population.nodes.end());
  std::string fact = counted(population.times.size(), "spike") + " of " + counted(nodes.size(), "node");
  const auto [first, last] = std::minmax_element(population.times.begin(), population.times.end());
  if (!population.times.empty()) fact += fmt::format(", {:.6g} to {:.6g}", *first, *last);
  return fact + (population.units.empty() ? ", no unit of time is given" : " " + printable(population.units));
}

/// `time`: start, stop, step.
std::string report_fact(hid_t time) {
  const auto values = hdf5::read_rows(time, 0, 3);
  const std::string unit = hdf5::attribute_text(time, "units");
  return fmt::format("report from {:.6g} to {:.6g} in steps of {:.6g}{}", values[0], values[1], values[2],
                     unit.empty() ? "" : " " + printable(unit));
}

} // namespace

FileDescription describe_phy(const std::string &path) {
  const std::string folder = phy_folder(path), parameters = (std::filesystem::path(folder) / "params.py").string();
  FileDescription description;
  description.path = path;
  description.format = "phy";
  std::error_code failed;
  if (std::filesystem::is_regular_file(parameters, failed))
    if (const double rate = read_phy_parameters(parameters).sample_rate; rate > 0)
      description.facts.emplace_back("sample rate", fmt::format("{:.10g} Hz", rate));
  try {
    std::vector<std::string> notes; // these are of what a comparison would take
    SpikeSource source;
    source.file = path;
    description.children.push_back(cluster_table(read_phy(source, notes)));
  } catch (const DataError &error) {
    const std::string why = error.what();
    description.facts.emplace_back("spikes", why.starts_with(path + ": ") ? why.substr(path.size() + 2) : why);
  }
  add_arrays(folder, description);
  return description;
}

void describe_sonata(hid_t file, FileDescription &description) {
  for (const std::string &path : sonata_paths(file)) {
    description.format = "SONATA";
    Node *node = find_node(description.children, path);
    const hdf5::Handle times = hdf5::open_dataset(file, path + "/timestamps");
    if (node != nullptr && hdf5::row_count(times.get()) <= most_spikes_read)
      node->facts.push_back(population_fact(read_sonata(file, path)));
  }
  for (const std::string &path : report_paths(file)) {
    description.format = "SONATA";
    const hdf5::Handle time = hdf5::open_dataset(file, path + "/mapping/time");
    if (Node *node = find_node(description.children, path)) node->facts.push_back(report_fact(time.get()));
  }
}

} // namespace engram::data
