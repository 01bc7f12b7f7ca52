// areas_of_units() makes areas of the units of an NWB file: spike trains, and their responses to events.
#include "input/nearest.hpp"
#include "recordings/event_part.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_observed.hpp"
#include "recordings/plain_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace engram::recordings {

namespace {

std::vector<std::string> column_texts(const data::NwbFile &file, const data::NwbTable &table, const std::string &name) {
  const auto rows = file.read_column(table, name);
  const auto *column = table.find(name);
  if (column->texts) return column->type == "reference" ? plain_names(rows.texts) : rows.texts;
  std::vector<std::string> out;
  for (const double value : rows.numbers) out.push_back(name_of(value));
  return out;
}

std::vector<std::string> column_names(const data::NwbTable &table) {
  std::vector<std::string> names;
  for (const auto &column : table.columns) names.push_back(column.name);
  return names;
}

// Spikes per second in each bin that was observed.
Responses responses_of_units(const Events &events, const Part &part, const Area &area) {
  auto out = empty_responses(events, part, area.units, "Hz");
  for (std::size_t e = 0; e < events.list.size(); ++e)
    for (std::size_t t = 0; t < part.bins; ++t) {
      const auto bin = part.of_bin(events.list[e], t);
      const double slack = measures::rounding_at(bin.stop);
      const measures::Observation *before = nullptr; // of the unit before: many are watched together
      bool seen = false;
      for (std::size_t u = 0; u < area.trains.size(); ++u) {
        if (before != area.watched[u].get()) seen = is_seen(events, part, e, t, *area.watched[u], measures::rounding);
        before = area.watched[u].get();
        if (!seen) continue;
        const auto &train = area.trains[u];
        const auto low = std::lower_bound(train.begin(), train.end(), bin.start - slack);
        const auto high = std::lower_bound(low, train.end(), bin.stop - slack);
        out.values[t](events.list[e].condition, u, events.list[e].repeat) =
            static_cast<double>(high - low) / (part.bin / ms);
      }
    }
  return out;
}

// Which units were not observed in all of the events that go on to their end.
void tell_unseen(const Events &events, const Part &part, const Area &area, const Source &source,
                 std::vector<std::string> &notes) {
  constexpr std::size_t most_told = 5;
  std::vector<std::string> named;
  std::size_t units = 0, before = 0;
  for (std::size_t u = 0; u < area.units.size(); ++u) {
    std::size_t lost = before;
    if (u == 0 || area.watched[u] != area.watched[u - 1]) {
      lost = 0;
      for (std::size_t e = 0; e < events.list.size(); ++e) {
        const auto last = part.of_bin(events.list[e], part.bins - 1);
        const measures::Window whole{part.of_bin(events.list[e], 0).start, std::min(last.stop, part.ends[e])};
        lost += !measures::covers(*area.watched[u], whole, measures::rounding_at(whole.stop));
      }
      before = lost;
    }
    if (lost == 0) continue;
    if (named.size() < most_told) named.push_back(fmt::format("unit {}, {}", area.units[u], lost));
    ++units;
  }
  if (units == 0) return;
  if (units > named.size()) named.push_back(fmt::format("and {} more units", units - named.size()));
  notes.push_back(fmt::format("{}: {}: what was not observed of an event is missing; of {} events: {}", source.file,
                              area.name, events.list.size(), fmt::join(named, "; ")));
}

} // namespace

void give_spike_responses(Area &area, const Events &all, const Source &source, std::vector<std::string> &notes) {
  if (all.list.empty()) return;
  Seen seen;
  seen.what = area.name;
  std::set<const measures::Observation *> known;
  for (const auto &watched : area.watched)
    if (known.insert(watched.get()).second) seen.watched.push_back(watched.get());
  auto part = part_of(all, source, seen, notes);
  Events events = all;
  if (part) keep_seen(events, *part, source, seen, notes);
  if (!part || events.list.empty()) {
    notes.push_back(fmt::format("{}: nothing of {} was observed in any event: it has no responses by condition",
                                source.file, area.name));
    return;
  }
  tell_unseen(events, *part, area, source, notes);
  for (std::size_t e = 0; e < events.list.size(); ++e) {
    const Event &event = events.list[e];
    const double from = event.start + part->first;
    area.trials.push_back(
        {event.condition, event.repeat, {from, std::max(from, std::min(event.start + part->last, part->ends[e]))}});
  }
  give_responses(area, events, responses_of_units(events, *part, area), source);
}

std::vector<Area> areas_of_units(const data::NwbFile &file, const Source &source, const Events &events,
                                 std::vector<std::string> &notes) {
  const auto units = file.units();
  const auto &table = file.find_table("units");
  for (const auto &[key, column] : {std::pair{"units/column", source.unit_column}, {"areas", source.areas}})
    if (!column.empty() && !table.find(column))
      refuse(source, key, input::unknown("column of the units", column, column_names(table)));
  const auto kind =
      source.unit_column.empty() ? std::vector<std::string>{} : column_texts(file, table, source.unit_column);
  const auto area_of = source.areas.empty() ? std::vector<std::string>{} : column_texts(file, table, source.areas);
  const auto watched = watched_units(file, units, run_borders(file), notes);
  SpikeCheck check;
  const double infinity = std::numeric_limits<double>::infinity();
  const measures::Observation always{{-infinity, infinity}}; // of units of which nothing says when they were observed
  std::vector<Area> out;
  std::map<std::string, std::size_t> index;
  for (std::size_t u = 0; u < units.ids.size(); ++u) {
    if (!kind.empty() && kind[u] != source.unit_is && kind[u] != plain_names({source.unit_is})[0]) continue;
    const std::string name = !area_of.empty() ? area_of[u] : source.name.empty() ? "units" : source.name;
    const auto [place, fresh] = index.emplace(name, out.size());
    if (fresh) {
      out.emplace_back();
      out.back().name = name;
      out.back().file = source.file;
      out.back().observed = {infinity, -infinity};
    }
    auto &area = out[place->second];
    area.units.push_back(std::to_string(units.ids[u]));
    const bool known = u < units.obs_intervals_s.size() && !units.obs_intervals_s[u].empty();
    auto times = units.spike_times_s[u];
    for (double &time : times) time *= ms;
    area.trains.push_back(
        check.kept(area.units.back(), std::move(times), known || !watched[u]->empty() ? *watched[u] : always));
    area.watched.push_back(watched[u]);
    if (watched[u]->empty()) continue;
    area.observed.start = std::min(area.observed.start, watched[u]->front().start);
    area.observed.stop = std::max(area.observed.stop, watched[u]->back().stop);
  }
  if (out.empty())
    refuse(source, "units", "no unit has '" + source.unit_is + "' in column '" + source.unit_column + "'");
  check.tell(source.file, notes);
  for (auto &area : out) {
    if (!(area.observed.start < area.observed.stop)) area.observed = {0, 0};
    give_spike_responses(area, events, source, notes);
  }
  return out;
}

} // namespace engram::recordings
