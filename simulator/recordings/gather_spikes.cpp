// gather_spikes() makes areas of spike trains that are no units of an NWB file: of text, arrays, SONATA files and
// folders of phy. They have no events, so no responses by condition.
#include "data/array.hpp"
#include "data/spikes/spike_trains.hpp"
#include "input/nearest.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

namespace engram::recordings {

namespace {

const std::vector<std::string> &column_of(const Source &source, const data::SpikeTrains &trains, const std::string &key,
                                          const std::string &name) {
  if (name == "id") return trains.units;
  std::vector<std::string> names{"id"};
  for (const auto &column : trains.columns) {
    if (column.name == name) return column.values;
    names.push_back(column.name);
  }
  refuse(source, key, input::unknown("column of the units", name, names));
}

std::string name_of_file(const std::string &file) {
  const std::filesystem::path path = std::filesystem::path(file).lexically_normal();
  if (path.filename() == "params.py") return path.parent_path().filename().string();
  return path.has_filename() ? path.stem().string() : path.parent_path().filename().string();
}

std::string name_of_population(const Source &source, const data::SpikeTrains &trains, bool alone) {
  if (source.name.empty()) return trains.population.empty() ? name_of_file(source.file) : trains.population;
  return alone ? source.name : source.name + " " + trains.population;
}

// When the units of a population were observed: as the source says, or the file, or from the first to the last spike.
measures::Window observed(const Source &source, const data::SpikeTrains &trains, std::vector<std::string> &notes) {
  if (!source.spikes.observed.empty()) return {source.spikes.observed[0], source.spikes.observed[1]};
  if (trains.stop_ms > trains.start_ms) return {trains.start_ms, trains.stop_ms};
  measures::Window window{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto &train : trains.times_ms) {
    if (train.empty()) continue;
    window.start = std::min(window.start, train.front());
    window.stop = std::max(window.stop, train.back());
  }
  if (!(window.start <= window.stop)) throw data::DataError(source.file + ": holds no spikes");
  notes.push_back(
      fmt::format("{}: how long was recorded is not said; taken from the first to the last spike of all units, "
                  "{:.10g} to {:.10g} ms ('observed' says it)",
                  source.file, window.start, window.stop));
  return window;
}

void add_areas(const Source &source, const data::SpikeTrains &trains, bool alone, std::vector<Area> &out,
               std::vector<std::string> &notes) {
  const auto window = observed(source, trains, notes);
  const auto *kind =
      source.unit_column.empty() ? nullptr : &column_of(source, trains, "units/column", source.unit_column);
  const auto *area_of = source.areas.empty() ? nullptr : &column_of(source, trains, "areas", source.areas);
  std::map<std::string, std::size_t> index;
  SpikeCheck check;
  for (std::size_t u = 0; u < trains.units.size(); ++u) {
    if (kind && (*kind)[u] != source.unit_is) continue;
    const std::string name = area_of ? (*area_of)[u] : name_of_population(source, trains, alone);
    const auto [place, fresh] = index.emplace(name, out.size());
    if (fresh) {
      out.emplace_back();
      out.back().name = name;
      out.back().file = source.file;
      out.back().observed = window;
    }
    Area &area = out[place->second];
    area.units.push_back(trains.units[u]);
    area.trains.push_back(check.kept(trains.units[u], trains.times_ms[u], {window}));
  }
  check.tell(source.file, notes);
}

} // namespace

std::vector<Area> gather_spikes(const Source &source, std::vector<std::string> &notes) {
  const auto &spikes = source.spikes;
  const auto populations = with_place(source, spikes.given ? "spikes" : "file", [&] {
    return data::read_spike_trains(
        {source.file, source.key, spikes.clusters.file, spikes.clusters.key, spikes.unit, spikes.rate, spikes.layout},
        notes);
  });
  std::vector<Area> out;
  for (const auto &trains : populations) add_areas(source, trains, populations.size() == 1, out, notes);
  if (out.empty() && !source.unit_column.empty())
    refuse(source, "units", "no unit has '" + source.unit_is + "' in column '" + source.unit_column + "'");
  if (out.empty()) throw data::DataError(source.file + ": holds no units");
  return out;
}

} // namespace engram::recordings
