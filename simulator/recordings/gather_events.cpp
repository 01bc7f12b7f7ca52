#include "recordings/gather_events.hpp"

#include "data/nwb.hpp"
#include "input/nearest.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace engram::recordings {

namespace {

bool is_run(const data::NwbTable &table) { return table.find("trial") && table.find("held_out"); }

// Those whose values could name conditions.
std::vector<std::string> naming_columns(const data::NwbTable &table) {
  std::vector<std::string> out;
  for (const auto &column : table.columns)
    if (column.name != "start_time" && column.name != "stop_time" && column.name != "tags" &&
        column.name != "timeseries" && !column.ragged && (column.texts || column.numbers))
      out.push_back(column.name);
  return out;
}

// The column that says which condition an event is of, where nobody says it; "" where none plainly does.
std::string obvious_condition(const data::NwbTable &table) {
  if (is_run(table)) return "trial"; // the row of the data that was shown
  for (const char *name : {"condition", "stimulus", "stimulus_name", "stimulus_id", "image", "orientation", "direction",
                           "frequency", "label"})
    if (table.find(name)) return name;
  const auto others = naming_columns(table);
  return others.size() == 1 ? others.front() : "";
}

const data::NwbTable *events_table(const data::NwbFile &file, const std::string &name) {
  for (const auto &table : file.tables())
    if (table.path == name || table.path == "intervals/" + name) return &table;
  return nullptr;
}

void tell_left_out(const Source &source, const std::vector<std::size_t> &rows, std::size_t of, const std::string &why,
                   std::vector<std::string> &notes) {
  if (rows.empty()) return;
  notes.push_back(fmt::format("{}: {} of {} {} left out, with {}: {}", source.file, rows.size(), of, source.events, why,
                              named_rows(rows)));
}

// A run may hold the trials of several epochs, between which the circuit learned.
void tell_epochs(const data::NwbFile &file, const data::NwbTable &table, const Source &source, const Events &events,
                 std::vector<std::string> &notes) {
  if (!table.find("epoch")) return;
  const auto epoch = file.read_column(table, "epoch").numbers, held_out = file.read_column(table, "held_out").numbers;
  std::map<double, std::set<double>> by_part;
  for (const auto &event : events.list)
    if (event.row < epoch.size() && event.row < held_out.size()) by_part[held_out[event.row]].insert(epoch[event.row]);
  for (const auto &[part, epochs] : by_part)
    if (epochs.size() > 1)
      notes.push_back(fmt::format(
          "{}: its {} trials are of {} epochs, {:g} to {:g}, between which it learned, and count "
          "as repeats; 'where' picks one by the column epoch",
          source.file, part != 0 ? "held-out" : "training", epochs.size(), *epochs.begin(), *epochs.rbegin()));
}

// A missing name is "".
std::vector<std::string> names_of_rows(const data::NwbFile &file, const data::NwbTable &table,
                                       const std::string &column) {
  const auto rows = file.read_column(table, column);
  if (table.find(column)->texts) return rows.texts;
  std::vector<std::string> out;
  for (const double value : rows.numbers) out.push_back(std::isnan(value) ? "" : name_of(value));
  return out;
}

} // namespace

std::string named_rows(const std::vector<std::size_t> &rows) {
  constexpr std::size_t most = 5;
  const std::vector<std::size_t> some(rows.begin(),
                                      rows.begin() + static_cast<std::ptrdiff_t>(std::min(most, rows.size())));
  std::string out = fmt::format("{} {}", rows.size() == 1 ? "row" : "rows", fmt::join(some, ", "));
  if (rows.size() > most) out += fmt::format(" and {} others", rows.size() - most);
  return out + " (from 0)";
}

void number_events(Events &events, const std::vector<std::string> &names) {
  std::map<std::string, std::size_t> index;
  std::vector<std::size_t> count;
  events.conditions.clear();
  events.repeats = 0;
  for (std::size_t e = 0; e < events.list.size(); ++e) {
    const auto [place, fresh] = index.emplace(names[e], index.size());
    if (fresh) {
      events.conditions.push_back(names[e]);
      count.push_back(0);
    }
    events.list[e].condition = place->second;
    events.list[e].repeat = count[place->second]++;
    events.repeats = std::max(events.repeats, count[place->second]);
  }
}

Events find_events(const data::NwbFile &file, const Source &source, std::vector<std::string> &notes) {
  Events out;
  const auto *table = events_table(file, source.events);
  if (!table) {
    if (source.events == "trials" && source.condition.empty() && source.arrays.where.empty())
      return out; // spikes alone can still be described
    std::vector<std::string> tables;
    for (const auto &known : file.tables())
      if (known.path.rfind("intervals/", 0) == 0) tables.push_back(known.path.substr(10));
    refuse(source, "events", input::unknown("table of intervals", source.events, tables));
  }
  out.independent = is_run(*table);
  out.column = source.condition;
  out.assumed = source.condition.empty();
  if (out.assumed) {
    out.column = obvious_condition(*table);
    if (out.column.empty()) {
      const auto columns = naming_columns(*table);
      out.lack = columns.empty()
                     ? fmt::format("no column of {} could be the condition", source.events)
                     : fmt::format("no column of {} is plainly the condition: name one of '{}' ('condition', or "
                                   "--condition NAME)",
                                   source.events, fmt::join(columns, "', '"));
      return out;
    }
    notes.push_back(
        fmt::format("{}: conditions are the values of column '{}' of {}", source.file, out.column, source.events));
  }
  if (!table->find(out.column))
    refuse(source, "condition", input::unknown("column", out.column, naming_columns(*table)));
  const auto starts = file.read_column(*table, "start_time").numbers,
             stops = file.read_column(*table, "stop_time").numbers;
  const auto names = names_of_rows(file, *table, out.column);
  if (names.size() != starts.size() || stops.size() != starts.size())
    refuse(source, "condition", "column '" + out.column + "' has not one value for each event");
  const auto looked_at = rows_looked_at(file, *table, source);
  std::vector<std::size_t> timeless, nameless;
  std::size_t others = 0;        // that 'where' does not ask for
  std::vector<std::string> kept; // names of the events that are
  for (std::size_t row = 0; row < starts.size(); ++row) {
    if (row < looked_at.size() && !looked_at[row]) {
      ++others;
      continue;
    }
    const bool ends = std::isfinite(stops[row]); // where a window is asked for, it need not
    if (!std::isfinite(starts[row]) || (!ends && !source.stop) || (ends && stops[row] < starts[row])) {
      timeless.push_back(row);
    } else if (names[row].empty()) {
      nameless.push_back(row);
    } else {
      out.list.push_back({starts[row] * ms, ends ? stops[row] * ms : std::nan(""), 0, 0, row});
      kept.push_back(names[row]);
    }
  }
  number_events(out, kept);
  if (out.independent) tell_epochs(file, *table, source, out, notes);
  tell_left_out(source, timeless, starts.size(), "no start or no end", notes);
  tell_left_out(source, nameless, starts.size(), "no value in column '" + out.column + "'", notes);
  if (others > 0)
    notes.push_back(fmt::format("{}: {} of {} {} are those that 'where' asks for", source.file, starts.size() - others,
                                starts.size(), source.events));
  if (out.list.empty() && !starts.empty())
    out.lack = others == starts.size()
                   ? fmt::format("no row of {} is as 'where' asks", source.events)
                   : fmt::format("no row of {} has both times and a value in column '{}'", source.events, out.column);
  return out;
}

std::vector<double> run_borders(const data::NwbFile &file) {
  const auto *table = events_table(file, "trials");
  std::vector<double> out;
  if (!table || !is_run(*table)) return out;
  for (const char *column : {"start_time", "stop_time"})
    for (const double time : file.read_column(*table, column).numbers)
      if (std::isfinite(time)) out.push_back(time * ms);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

} // namespace engram::recordings
