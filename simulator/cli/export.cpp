// This is the command `engram export RUN FILE.h5`, which writes the spikes of an NWB file as SONATA.
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "data/nwb.hpp"
#include "data/printable.hpp"
#include "data/spikes/sonata_write.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "record/output_path.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace engram::cli {
namespace {

struct ExportOptions {
  std::string run, out, by;
  bool force = false, quiet = false;
};

// Of each unit; "units" where there is no column.
std::vector<std::string> populations_of(const ExportOptions &options, const data::NwbFile &file,
                                        const data::NwbTable &table) {
  std::vector<std::string> names;
  for (const auto &column : table.columns)
    if (column.texts && !column.ragged) names.push_back(column.name);
  const std::string by = options.by.empty() && table.find("region") ? "region" : options.by;
  if (by.empty()) return std::vector<std::string>(table.rows, "units");
  if (std::find(names.begin(), names.end(), by) == names.end())
    throw input::InputError("engram: " + options.run +
                            ": --by: " + input::unknown("column of texts of the units", by, names));
  auto out = file.read_column(table, by).texts;
  for (auto &name : out) // a name of a group of HDF5
    if (name.empty() || name == "." || name.find('/') != std::string::npos)
      throw input::InputError(fmt::format("engram: {}: '{}' in column '{}' cannot be the name of a population",
                                          options.run, data::printable_line(name), by));
  return out;
}

// A run has the number of a neuron in its region; of all other files it is the unit's id.
std::vector<std::int64_t> nodes_of(const data::NwbFile &file, const data::NwbTable &table,
                                   const data::NwbUnits &units) {
  const auto *column = table.find("neuron");
  if (!column || !column->numbers || column->ragged || !table.find("region")) return units.ids;
  std::vector<std::int64_t> out;
  for (const double number : file.read_column(table, "neuron").numbers) out.push_back(std::llround(number));
  return out;
}

void export_spikes(const ExportOptions &options) {
  const data::NwbFile file(options.run);
  if (!file.has_units()) throw input::InputError("engram: " + options.run + ": holds no units, and so no spikes");
  // The run is never replaced, and anything else only where it is asked for.
  const auto out = record::output_path(options.out, {{options.run}, options.force, {}});
  const auto &table = file.find_table("units");
  const auto units = file.units();
  const auto population = populations_of(options, file, table);
  const auto nodes = nodes_of(file, table, units);
  std::map<std::string, data::SonataSpikes> found;
  std::map<std::string, std::set<std::int64_t>> known;
  std::size_t spikes = 0, silent = 0, unknown = 0;
  for (std::size_t u = 0; u < units.spike_times_s.size(); ++u) {
    auto &to = found[population.at(u)];
    to.population = population[u];
    if (nodes.at(u) < 0 || !known[population[u]].insert(nodes[u]).second)
      throw input::InputError(
          fmt::format("engram: {}: unit {} of population '{}' is below 0, or stands twice: no node can be "
                      "called so",
                      options.run, nodes[u], data::printable_line(population[u])));
    silent += units.spike_times_s[u].empty();
    for (const double time : units.spike_times_s[u]) {
      if (!std::isfinite(time)) {
        ++unknown;
        continue;
      }
      to.nodes.push_back(static_cast<std::uint64_t>(nodes[u]));
      to.times_ms.push_back(1000 * time);
      ++spikes;
    }
  }
  std::vector<data::SonataSpikes> all;
  for (auto &[name, of_population] : found) all.push_back(std::move(of_population));
  data::write_sonata(out, all);
  print(fmt::format("{} spikes of {} units in {} population{} written: {}\n", spikes, units.spike_times_s.size(),
                    all.size(), all.size() == 1 ? "" : "s", options.out));
  if (options.quiet) return;
  if (unknown > 0) say(fmt::format("engram: {} spikes whose times are no numbers are left out", unknown));
  if (silent > 0)
    say(fmt::format("engram: SONATA says of nodes without a spike nothing: {} are not in the file", silent));
}

} // namespace

void add_export(CLI::App &app, Context &) {
  auto options = std::make_shared<ExportOptions>();
  auto *command = app.add_subcommand("export", "writes the spikes of a run, or of another NWB file, as SONATA");
  command->add_option("RUN", options->run, "the NWB file")->required();
  command->add_option("FILE", options->out, "the SONATA file (HDF5)")->required();
  command->add_option("--by", options->by,
                      "column of the units: each of its values is a population (region of a run, else one for all)");
  command->add_flag("--force", options->force, "replaces FILE");
  command->add_flag("--quiet", options->quiet, "says nothing on stderr but errors");
  command->callback([options] { export_spikes(*options); });
}

} // namespace engram::cli
