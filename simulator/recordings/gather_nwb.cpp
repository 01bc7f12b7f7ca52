// gather_nwb() cuts the units and time series of an NWB file at its events. It reads recordings and engram's own run
// files alike.
#include "data/nwb.hpp"
#include "data/printable.hpp"
#include "input/nearest.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace engram::recordings {

namespace {

struct Event {
  double start = 0, stop = 0; ///< s
  std::size_t condition = 0, repeat = 0;
};

struct Events {
  std::vector<Event> list;
  std::vector<std::string> conditions;
  std::size_t repeats = 0;
  double first = 0, last = 0; ///< ms of the window, from an event's start
  std::size_t bins = 1;
  double bin = 0; ///< ms
};

// The column that says which condition an event is of, where nobody says it.
std::string obvious_condition(const data::NwbTable &table) {
  if (table.find("trial") && table.find("held_out")) return "trial"; // of a run: the row of the data that was shown
  for (const char *name : {"condition", "stimulus", "stimulus_name", "stimulus_id", "image", "orientation", "direction",
                           "frequency", "label"})
    if (table.find(name)) return name;
  std::vector<std::string> others;
  for (const auto &column : table.columns)
    if (column.name != "start_time" && column.name != "stop_time" && column.name != "tags" &&
        column.name != "timeseries" && !column.ragged && (column.texts || column.numbers))
      others.push_back(column.name);
  return others.size() == 1 ? others.front() : "";
}

std::vector<std::string> column_texts(const data::NwbFile &file, const data::NwbTable &table, const std::string &name) {
  const auto *column = table.find(name);
  const auto rows = file.read_column(table, name);
  if (column->texts) return rows.texts;
  std::vector<std::string> out;
  for (const double value : rows.numbers) out.push_back(name_of(value));
  return out;
}

std::vector<std::string> column_names(const data::NwbTable &table) {
  std::vector<std::string> names;
  for (const auto &column : table.columns) names.push_back(column.name);
  return names;
}

const data::NwbTable *events_table(const data::NwbFile &file, const std::string &name) {
  for (const auto &table : file.tables())
    if (table.path == name || table.path == "intervals/" + name) return &table;
  return nullptr;
}

Events find_events(const data::NwbFile &file, const Source &source, std::vector<std::string> &notes) {
  Events out;
  const auto *table = events_table(file, source.events);
  if (!table) {
    if (source.events == "trials" && source.condition.empty()) return out; // spikes alone can still be described
    std::vector<std::string> tables;
    for (const auto &known : file.tables())
      if (known.path.rfind("intervals/", 0) == 0) tables.push_back(known.path.substr(10));
    refuse(source, "events", input::unknown("table of intervals", source.events, tables));
  }
  std::string column = source.condition;
  if (column.empty()) {
    column = obvious_condition(*table);
    if (column.empty()) {
      notes.push_back(fmt::format("{}: no column of {} is plainly the condition; say which ('condition')", source.file,
                                  source.events));
      return out;
    }
    notes.push_back(
        fmt::format("{}: conditions are the values of column '{}' of {}", source.file, column, source.events));
  }
  if (!table->find(column)) refuse(source, "condition", input::unknown("column", column, column_names(*table)));
  const auto starts = file.read_column(*table, "start_time").numbers,
             stops = file.read_column(*table, "stop_time").numbers;
  const auto names = column_texts(file, *table, column);
  if (names.size() != starts.size() || stops.size() != starts.size())
    refuse(source, "condition", "column '" + column + "' has not one value for each event");
  std::map<std::string, std::size_t> index;
  std::vector<std::size_t> count;
  double shortest = std::numeric_limits<double>::infinity();
  for (std::size_t e = 0; e < starts.size(); ++e) {
    const auto [place, fresh] = index.emplace(names[e], index.size());
    if (fresh) {
      out.conditions.push_back(names[e]);
      count.push_back(0);
    }
    out.list.push_back({starts[e], stops[e], place->second, count[place->second]++});
    if (stops[e] > starts[e]) shortest = std::min(shortest, (stops[e] - starts[e]) * ms);
  }
  if (out.list.empty()) return out;
  out.repeats = *std::max_element(count.begin(), count.end());
  out.first = source.start.value_or(0);
  out.last = source.stop.value_or(std::isfinite(shortest) ? shortest : 0);
  if (!(out.last > out.first)) refuse(source, "window", "the events have no duration: say from when to when");
  out.bin = source.bin.value_or(out.last - out.first);
  out.bins = static_cast<std::size_t>((out.last - out.first) / out.bin * (1 + 1e-9));
  if (out.bins == 0) refuse(source, "bin", "is longer than the window");
  return out;
}

// The events in which something was recorded; a run's table has all trials, whatever was recorded of them. Where none
// was covered, all are left, for what reads them to refuse.
template <class Covered>
Events those_recorded(const Events &all, const Source &source, const std::string &what, Covered covered,
                      std::vector<std::string> &notes) {
  Events out = all;
  out.list.clear();
  out.conditions.clear();
  std::map<std::size_t, std::size_t> index; // of a condition, by its number among all
  std::vector<std::size_t> count;
  for (auto event : all.list) {
    if (!covered(event.start + all.first / ms, event.start + all.last / ms)) continue;
    const auto [place, fresh] = index.emplace(event.condition, index.size());
    if (fresh) {
      out.conditions.push_back(all.conditions[event.condition]);
      count.push_back(0);
    }
    event.condition = place->second;
    event.repeat = count[place->second]++;
    out.list.push_back(event);
  }
  if (out.list.empty() || out.list.size() == all.list.size()) return all;
  out.repeats = *std::max_element(count.begin(), count.end());
  notes.push_back(fmt::format("{}: nothing of {} was recorded in {} of {} events; they are left out", source.file, what,
                              all.list.size() - out.list.size(), all.list.size()));
  return out;
}

Responses empty_responses(const Events &events, std::size_t neurons, const std::string &unit) {
  Responses out;
  out.conditions = events.conditions;
  out.unit = unit;
  for (std::size_t t = 0; t < events.bins; ++t) {
    out.times.push_back(events.first + (static_cast<double>(t) + 0.5) * events.bin);
    out.values.emplace_back(events.conditions.size(), neurons, events.repeats);
    out.values.back().fill(std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

Responses responses_of_units(const Events &events, const std::vector<measures::SpikeTrain> &trains) {
  auto out = empty_responses(events, trains.size(), "Hz");
  for (const auto &event : events.list)
    for (std::size_t t = 0; t < events.bins; ++t) {
      const double from = event.start * ms + events.first + static_cast<double>(t) * events.bin, to = from + events.bin;
      for (std::size_t u = 0; u < trains.size(); ++u) {
        const auto low = std::lower_bound(trains[u].begin(), trains[u].end(), from);
        const auto high = std::lower_bound(low, trains[u].end(), to);
        out.values[t](event.condition, u, event.repeat) = static_cast<double>(high - low) / (events.bin / ms);
      }
    }
  return out;
}

// A bin is the mean of its samples; an event reads its own samples alone.
Responses responses_of_series(const data::NwbFile &file, const data::NwbSeries &series, const Events &events) {
  auto out = empty_responses(events, series.channels, series.unit);
  const auto times = series.timestamps > 0 ? file.read_times(series.path, 0, series.samples) : std::vector<double>{};
  // Rounding must not push a sample that lies on the edge of a bin out of it.
  const double slack = 1e-9;
  const auto first_at = [&](double second) -> std::size_t {
    if (!times.empty())
      return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), second - slack) - times.begin());
    const double place = std::ceil((second - series.starting_time_s) * series.rate_hz - 1e-6);
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(series.samples)));
  };
  for (const auto &event : events.list) {
    const double begin = event.start + events.first / ms;
    const std::size_t first = first_at(begin), last = first_at(event.start + events.last / ms);
    if (last <= first) continue;
    const arma::mat block = file.read_series(series.path, first, last - first); // samples × channels
    for (std::size_t t = 0; t < events.bins; ++t) {
      const std::size_t low = first_at(begin + static_cast<double>(t) * events.bin / ms);
      const std::size_t high =
          t + 1 == events.bins ? last : first_at(begin + static_cast<double>(t + 1) * events.bin / ms);
      if (high <= low) continue;
      out.values[t].slice(event.repeat).row(event.condition) = arma::mean(block.rows(low - first, high - first - 1), 0);
    }
  }
  for (std::size_t n = 0; n < series.channels; ++n) out.neurons.push_back(std::to_string(n + 1));
  return out;
}

void give_responses(Area &area, Responses responses, const Source &source) {
  const auto names = condition_names(source, responses.conditions.size());
  if (!names.empty()) responses.conditions = names;
  area.conditions = responses.conditions;
  area.condition_count = responses.conditions.size();
  area.responses = std::move(responses);
}

void give_spike_responses(Area &area, const Events &events, const Source &source) {
  if (events.list.empty()) return;
  auto responses = responses_of_units(events, area.trains);
  responses.neurons = area.units;
  for (const auto &event : events.list)
    area.trials.push_back(
        {event.condition, event.repeat, {event.start * ms + events.first, event.start * ms + events.last}});
  give_responses(area, std::move(responses), source);
}

// When any unit was watched: by their beginnings, each with the latest end of those up to it.
std::vector<std::pair<double, double>>
watched_intervals(const std::vector<std::vector<std::pair<double, double>>> &by_unit) {
  std::vector<std::pair<double, double>> out;
  for (std::size_t u = 0; u < by_unit.size(); ++u) {
    if (u > 0 && by_unit[u] == by_unit[u - 1]) continue; // a run watches all of its units at once
    for (const auto &one : by_unit[u])
      if (!std::isnan(one.first) && !std::isnan(one.second)) out.push_back(one);
  }
  std::sort(out.begin(), out.end());
  for (std::size_t k = 1; k < out.size(); ++k) out[k].second = std::max(out[k].second, out[k - 1].second);
  return out;
}

// One area, or one for each value of a column of the units.
std::vector<Area> areas_of_units(const data::NwbFile &file, const Source &source, const Events &all,
                                 std::vector<std::string> &notes) {
  const auto units = file.units();
  const auto intervals = watched_intervals(units.obs_intervals_s);
  const auto watched = [&](double start, double stop) {
    if (units.obs_intervals_s.empty()) return true;
    const auto next = std::lower_bound(intervals.begin(), intervals.end(), stop,
                                       [](const auto &one, double time) { return one.first < time; });
    return next != intervals.begin() && std::prev(next)->second > start;
  };
  const Events events = those_recorded(all, source, "units", watched, notes);
  const auto &table = file.find_table("units");
  for (const auto &[key, column] : {std::pair{"units/column", source.unit_column}, {"areas", source.areas}})
    if (!column.empty() && !table.find(column))
      refuse(source, key, input::unknown("column of the units", column, column_names(table)));
  const auto kind =
      source.unit_column.empty() ? std::vector<std::string>{} : column_texts(file, table, source.unit_column);
  const auto area_of = source.areas.empty() ? std::vector<std::string>{} : column_texts(file, table, source.areas);
  double from = std::numeric_limits<double>::infinity(), to = -from;
  for (std::size_t u = 0; u < units.ids.size(); ++u) {
    if (u < units.obs_intervals_s.size())
      for (const auto &[start, stop] : units.obs_intervals_s[u]) {
        from = std::min(from, start * ms);
        to = std::max(to, stop * ms);
      }
  }
  const bool observed = std::isfinite(from);
  std::vector<Area> out;
  std::map<std::string, std::size_t> index;
  for (std::size_t u = 0; u < units.ids.size(); ++u) {
    if (!kind.empty() && kind[u] != source.unit_is) continue;
    const std::string name = !area_of.empty() ? area_of[u] : source.name.empty() ? "units" : source.name;
    const auto [place, fresh] = index.emplace(name, out.size());
    if (fresh) {
      out.emplace_back();
      out.back().name = name;
      out.back().file = source.file;
    }
    auto &area = out[place->second];
    area.units.push_back(std::to_string(units.ids[u]));
    area.trains.emplace_back();
    for (const double time : units.spike_times_s[u]) {
      area.trains.back().push_back(time * ms);
      if (observed) continue;
      from = std::min(from, time * ms);
      to = std::max(to, time * ms);
    }
    std::sort(area.trains.back().begin(), area.trains.back().end());
  }
  if (out.empty())
    refuse(source, "units", "no unit has '" + source.unit_is + "' in column '" + source.unit_column + "'");
  for (auto &area : out) {
    area.observed = {from, to};
    give_spike_responses(area, events, source);
  }
  return out;
}

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
  if (out.empty())
    throw data::DataError(source.file + ": holds neither units nor, with trials, time series: nothing to compare");
  return out;
}

Area area_of_series(const data::NwbFile &file, const data::NwbSeries &series, const Source &source, const Events &all,
                    std::vector<std::string> &notes) {
  const auto times = series.timestamps > 0 ? file.read_times(series.path, 0, series.samples) : std::vector<double>{};
  const auto sampled = [&](double start, double stop) {
    const double slack = 1e-9;
    if (!times.empty()) {
      const auto next = std::lower_bound(times.begin(), times.end(), start - slack);
      return next != times.end() && *next < stop - slack;
    }
    const double end = series.starting_time_s + static_cast<double>(series.samples) / series.rate_hz;
    return start < end && stop > series.starting_time_s;
  };
  const Events events = those_recorded(all, source, series.path, sampled, notes);
  if (source.threshold) {
    Area area = area_of_voltage(file, series, source);
    give_spike_responses(area, events, source);
    return area;
  }
  if (events.list.empty())
    throw data::DataError(source.file + ": time series are cut at events, and there is no table '" + source.events +
                          "'");
  Area area;
  give_responses(area, responses_of_series(file, series, events), source);
  return area;
}

} // namespace

std::vector<Area> gather_nwb(const Source &source, std::vector<std::string> &notes) {
  const data::NwbFile file(source.file);
  if (!file.outside().empty())
    notes.push_back(source.file + ": takes values also from " + data::printable_list(file.outside()));
  const auto events = find_events(file, source, notes);
  const auto signals = source.signals.empty() ? obvious_signals(file, source, events) : source.signals;
  std::vector<Area> out;
  for (const auto &signal : signals) {
    if (signal == "units") {
      if (!file.has_units()) refuse(source, "signals", "the file has no units");
      for (auto &area : areas_of_units(file, source, events, notes)) out.push_back(std::move(area));
      continue;
    }
    const auto &series = with_place(
        source, "signals", [&]() -> const auto & { return file.find_series(signal); });
    Area area = area_of_series(file, series, source, events, notes);
    const auto name = series_name(series);
    area.name = source.name.empty() ? name : signals.size() == 1 ? source.name : source.name + " " + name;
    area.file = source.file;
    out.push_back(std::move(area));
  }
  if (std::any_of(out.begin(), out.end(), [](const auto &area) { return !area.trains.empty(); })) {
    const auto covariates = find_covariates(source, file);
    for (auto &area : out)
      if (!area.trains.empty()) area.covariates = covariates;
  }
  return out;
}

} // namespace engram::recordings
