// read_spike_text() reads spike times from text: a train on each line, one in a column, or rows of unit and time.
#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/line_source.hpp"
#include "data/parse.hpp"
#include "data/printable.hpp"
#include "data/spikes/spike_columns.hpp"
#include "data/spikes/stored_spikes.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace {

/// The lines of a text, as numbers.
struct SpikeLines {
  std::vector<std::vector<double>> lines; ///< without comments; an empty one is a blank line
  std::vector<std::size_t> numbers;       ///< of the lines in the file, from 1
  bool header = false;                    ///< the first line that holds something has words; no line is read then
  std::string comment;                    ///< the last one before the first line, without its #
};

std::vector<double> numbers_of(std::string_view line, std::size_t number, const std::string &file, bool &words) {
  auto fields = fields_of(line, find_separator(line));
  std::vector<double> values(fields.size());
  std::vector<Cell> cells;
  for (std::size_t k = 0; k < fields.size(); ++k) cells.push_back(read_cell(fields[k], values[k]));
  words = std::find(cells.begin(), cells.end(), Cell::word) != cells.end();
  if (words) return {};
  while (!cells.empty() && cells.back() == Cell::missing) { // padding of a table whose rows have different lengths
    cells.pop_back();
    values.pop_back();
  }
  for (std::size_t k = 0; k < cells.size(); ++k)
    if (cells[k] != Cell::number || !std::isfinite(values[k]))
      throw DataError(file + ": line " + std::to_string(number) + ": " + data::quoted(fields[k]) +
                      " is no time of a spike");
  return values;
}

SpikeLines read_lines(const std::string &file) {
  SpikeLines out;
  LineSource source(content_source(file));
  std::size_t used = 0; // lines up to the last that is not blank
  for (std::string_view line; source.next(line);) {
    if (source.zero_byte()) throw DataError(file + ": is not text");
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] == '#') {
      if (used == 0) out.comment = line.substr(first + 1);
      continue;
    }
    bool words = false;
    auto values =
        first == std::string_view::npos ? std::vector<double>() : numbers_of(line, source.number(), file, words);
    if (words && used > 0)
      throw DataError(file + ": line " + std::to_string(source.number()) + " holds words, not times of spikes");
    if (words) {
      out.header = true;
      return out;
    }
    out.lines.push_back(std::move(values));
    out.numbers.push_back(source.number());
    if (first != std::string_view::npos) used = out.lines.size();
  }
  out.lines.resize(used);
  return out;
}

bool all_have(const SpikeLines &text, std::size_t count) {
  return std::all_of(text.lines.begin(), text.lines.end(), [&](const auto &line) { return line.size() == count; });
}

bool whole_numbers(const SpikeLines &text, std::size_t column) {
  return std::all_of(text.lines.begin(), text.lines.end(),
                     [&](const auto &line) { return line[column] == std::floor(line[column]); });
}

/// Does a comment name two columns as those of unit and time, as numpy.savetxt writes its header?
bool names_columns(const std::string &comment) {
  const auto names = names_in_comment(comment, find_separator(comment), 2);
  std::size_t units = 0, times = 0;
  for (const std::string &name : names) {
    units += is_among(name, unit_names) ? 1 : 0;
    times += is_among(name, ms_names) || is_among(name, second_names) || is_among(name, time_names) ? 1 : 0;
  }
  return units == 1 && times == 1;
}

/// What the lines mean where nobody says it; "table" where columns have names. Errors: DataError where it could be
/// several things.
std::string plain_layout(const SpikeLines &text, const std::string &file, std::vector<std::string> &notes) {
  if (text.header) return "table";
  if (text.lines.size() < 2) return "rows";
  if (all_have(text, 1))
    throw DataError(file + ": has one number on each line; say what that means: \"layout\": \"column\" (all are one "
                           "train), or \"rows\" (each is a train)");
  if (!all_have(text, 2)) return "rows";
  if (names_columns(text.comment)) return "table";
  if (whole_numbers(text, 0)) {
    notes.push_back(file + ": two columns are taken as unit and time");
    return "pairs";
  }
  if (whole_numbers(text, 1))
    throw DataError(file +
                    ": has two numbers on each line, and the first is no unit, which is a whole number; say what "
                    "that means: \"layout\": \"rows\" (a train of two spikes), or put the unit first");
  return "rows";
}

StoredSpikes rows_of_text(SpikeLines text, const std::string &file, std::vector<std::string> &notes) {
  std::size_t blank = 0;
  for (const auto &line : text.lines) blank += line.empty() ? 1 : 0;
  if (blank > 0)
    notes.push_back(file + ": " + std::to_string(blank) +
                    (blank == 1 ? " blank line is a unit" : " blank lines are units") + " without a spike");
  return spikes_of_lists(std::move(text.lines), file);
}

/// Columns by their names, or the two of unit and time.
StoredSpikes table_of_text(const SpikeSource &source, std::vector<std::string> &notes) {
  std::string unit;
  Table table = parse_csv_table(read_bytes(source.file), source.file, source.key);
  if (table.missing_line > 0)
    throw DataError(source.file + ": line " + std::to_string(table.missing_line) + ": a value is missing");
  if (table.columns.size() == 1 && source.layout != "pairs") {
    notes.insert(notes.end(), table.notes.begin(), table.notes.end());
    std::vector<double> times(table.array.size());
    for (std::size_t k = 0; k < times.size(); ++k) times[k] = table.array.at(k);
    StoredSpikes spikes = spikes_of_lists({std::move(times)}, source.file);
    spikes.time_unit = time_unit_of_column(table.columns.front());
    return spikes;
  }
  table = unit_and_time(std::move(table), source.file, unit);
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  const Array &array = table.array;
  if (array.rows() > 0 && (array.shape.size() != 2 || array.row_size() != 2))
    throw DataError(source.file +
                    ": rows of unit and time have two columns; pick them by \"key\", as in \"unit,time\"");
  std::vector<double> units, times;
  for (std::size_t r = 0; r < array.rows(); ++r) {
    units.push_back(array.at(2 * r));
    times.push_back(array.at(2 * r + 1));
  }
  StoredSpikes spikes = spikes_of_pairs(units, times, source.file);
  spikes.time_unit = unit;
  return spikes;
}

} // namespace

StoredSpikes read_spike_text(const SpikeSource &source, std::vector<std::string> &notes) {
  if (!source.key.empty() || source.layout == "pairs") return table_of_text(source, notes);
  SpikeLines text = read_lines(source.file);
  const std::string layout = source.layout.empty() ? plain_layout(text, source.file, notes) : source.layout;
  if (layout == "table" || layout == "pairs") return table_of_text(source, notes);
  if (text.header) throw DataError(source.file + ": its columns have names, so that it has no \"" + layout + "\"");
  if (text.lines.empty()) throw DataError(source.file + ": holds no spike times");
  if (layout == "rows") return rows_of_text(std::move(text), source.file, notes);
  std::vector<double> one;
  for (const auto &line : text.lines) one.insert(one.end(), line.begin(), line.end());
  return spikes_of_lists({std::move(one)}, source.file);
}

} // namespace engram::data
