// gather_nwb() makes areas of the units and time series of an NWB file. It reads recordings and engram's own run files
// alike.
#include "data/nwb.hpp"
#include "data/printable.hpp"
#include "input/nearest.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace engram::recordings {

namespace {

// "V1_rate" of a run is region V1.
std::string series_name(const data::NwbSeries &series) {
  std::string name = series.path.substr(series.path.rfind('/') + 1);
  if (name.size() > 5 && name.ends_with("_rate")) name.resize(name.size() - 5);
  return name;
}

bool is_activity(const data::NwbSeries &series) {
  return series.channels > 0 && series.samples > 0 && series.stored != "text" &&
         (series.path.rfind("acquisition/", 0) == 0 || series.type == "RoiResponseSeries");
}

bool has_voltage(const data::NwbFile &file) {
  return std::any_of(file.series().begin(), file.series().end(),
                     [](const auto &series) { return is_voltage(series) && series.path.starts_with("acquisition/"); });
}

// The signals that are meant where the source names none: with a threshold, voltages; else units; else the recorded
// time series, where there are events.
std::vector<std::string> obvious_signals(const data::NwbFile &file, const Source &source, const Events &events) {
  std::vector<std::string> out;
  if (source.threshold) {
    for (const auto &series : file.series())
      if (is_voltage(series) && series.path.starts_with("acquisition/")) out.push_back(series.path);
    if (out.empty()) refuse(source, "threshold", "the file has no time series of volts under acquisition");
    return out;
  }
  if (file.has_units()) return {"units"};
  if (!events.list.empty())
    for (const auto &series : file.series())
      if (is_activity(series)) out.push_back(series.path);
  if (out.empty() && !events.lack.empty()) refuse(source, "condition", events.lack);
  if (out.empty())
    throw data::DataError(source.file + ": holds neither units nor, with trials, time series: nothing to compare" +
                          (has_voltage(file)
                               ? " (the spikes of its membrane potentials are found by a 'threshold' in a "
                                 "comparison file)"
                               : ""));
  return out;
}

// A window, names of conditions and filters are of events; they would be ignored.
void refuse_what_is_of_events(const Source &source, const Events &events) {
  if (!events.list.empty()) return;
  const bool names = !source.conditions.written.empty() || !source.conditions.from.key.empty();
  const bool filters = !source.arrays.where.empty();
  const char *key = source.start ? "window" : source.bin ? "bin" : names ? "conditions" : filters ? "where" : nullptr;
  if (!key) return;
  const std::string verb = names && !source.start && !source.bin ? "are" : "is";
  refuse(
      source, key,
      verb + " of events" +
          (events.lack.empty() ? fmt::format(", and the file has no table '{}'", source.events) : ": " + events.lack));
}

} // namespace

std::vector<Area> gather_nwb(const Source &source, std::vector<std::string> &notes) {
  const data::NwbFile file(source.file);
  if (!file.outside().empty())
    notes.push_back(source.file + ": takes values also from " + data::printable_list(file.outside()));
  const auto events = source.sweeps ? Events{} : find_events(file, source, notes);
  if (!events.lack.empty()) notes.push_back(source.file + ": " + events.lack);
  refuse_what_is_of_events(source, events);
  const auto signals = source.signals.empty() ? obvious_signals(file, source, events) : source.signals;
  if (source.sweeps) return {area_of_sweeps(file, signals, source)};
  std::vector<Area> out;
  for (const auto &signal : signals) {
    if (signal == "units") {
      if (!file.has_units()) refuse(source, "signals", "the file has no units");
      for (auto &area : areas_of_units(file, source, events, notes)) out.push_back(std::move(area));
      continue;
    }
    const auto &series = with_place(
        source, "signals", [&]() -> const auto & { return file.find_series(signal); });
    auto area = area_of_series(file, series, source, events, notes);
    if (!area && !source.signals.empty())
      refuse(source, "signals", "'" + signal + "' was not sampled in any event of " + source.events);
    if (!area) continue; // nobody asked for it
    const auto name = series_name(series);
    area->name = source.name.empty() ? name : signals.size() == 1 ? source.name : source.name + " " + name;
    area->file = source.file;
    out.push_back(std::move(*area));
  }
  if (out.empty()) throw data::DataError(source.file + ": no time series was sampled in any event of " + source.events);
  if (std::any_of(out.begin(), out.end(), [](const auto &area) { return !area.trains.empty(); })) {
    const auto covariates = find_covariates(source, file);
    for (auto &area : out)
      if (!area.trains.empty()) area.covariates = covariates;
  }
  return out;
}

} // namespace engram::recordings
