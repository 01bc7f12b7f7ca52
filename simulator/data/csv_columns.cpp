#include "data/csv_columns.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace engram::data {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

struct Range {
  std::size_t begin, end;
};

bool read_number(std::string_view text, std::size_t &number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// "3" or "0:64".
std::optional<Range> parse_range(std::string_view part) {
  Range range{};
  const std::size_t colon = part.find(':');
  if (!read_number(part.substr(0, colon), range.begin)) return std::nullopt;
  if (colon == std::string_view::npos) {
    range.end = range.begin + 1;
    return range.end == 0 ? std::nullopt : std::optional(range);
  }
  if (!read_number(part.substr(colon + 1), range.end)) return std::nullopt;
  return range;
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find(',', begin), key.size());
    parts.push_back(trimmed(key.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

} // namespace

Fields::Fields(std::string_view line, char separator) : rest_(line), separator_(separator) {
  if (separator_ == ' ') {
    rest_ = trimmed(rest_);
    more_ = !rest_.empty();
  }
}

bool Fields::next(std::string_view &field) {
  if (!more_) return false;
  std::size_t from = 0;
  const std::size_t begin = rest_.find_first_not_of(separator_ == '\t' ? std::string_view(" ") : blanks);
  if (begin != std::string_view::npos && rest_[begin] == '"') {
    from = begin + 1;
    do { // a doubled quote stands for a quote within
      from = rest_.find('"', from);
      if (from == std::string_view::npos) {
        quote_open_ = true;
        from = rest_.size();
        break;
      }
      ++from;
    } while (from < rest_.size() && rest_[from] == '"' && ++from != 0);
  }
  const std::size_t end = separator_ == ' ' ? rest_.find_first_of(blanks, from) : rest_.find(separator_, from);
  field = trimmed(rest_.substr(0, end));
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
  if (end == std::string_view::npos) {
    more_ = false;
    return true;
  }
  rest_.remove_prefix(end + 1);
  if (separator_ == ' ') rest_ = trimmed(rest_);
  return true;
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> out;
  Fields fields(line, separator);
  for (std::string_view field; fields.next(field);) out.push_back(field);
  return out;
}

char find_separator(std::string_view line) {
  bool quoted = false, tab = false, comma = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ';') return ';';
    tab = tab || c == '\t';
    comma = comma || c == ',';
  }
  return tab ? '\t' : comma ? ',' : ' ';
}

Cell read_cell(std::string_view field, double &value) {
  value = std::numeric_limits<double>::quiet_NaN();
  // Those that pandas reads as missing, which include R's.
  static constexpr std::array<std::string_view, 14> missing{"",         "NA",      "N/A",    "n/a",    "#N/A",
                                                            "#N/A N/A", "#NA",     "<NA>",   "NULL",   "null",
                                                            "None",     "-1.#IND", "1.#IND", "1.#QNAN"};
  if (std::find(missing.begin(), missing.end(), field) != missing.end()) return Cell::missing;
  const char *begin = field.data(), *const end = begin + field.size();
  if (*begin == '+' && begin + 1 != end && begin[1] != '-') ++begin;
  double read = 0;
  const auto [stop, error] = std::from_chars(begin, end, read);
  if (stop != end) return Cell::word;
  if (error == std::errc()) {
    if (std::isnan(read)) return Cell::missing;
    value = read;
    return Cell::number;
  }
  if (error != std::errc::result_out_of_range) return Cell::word;
  // Too small is 0, as everywhere; too large is no number that a double can hold.
  long double wide = 0;
  if (std::from_chars(begin, end, wide).ec != std::errc() || std::fabs(wide) > 1) return Cell::too_large;
  value = static_cast<double>(wide);
  return Cell::number;
}

Header read_header(const std::vector<std::string_view> &line, std::size_t next) {
  Header header;
  std::vector<Cell> cells;
  for (const std::string_view field : line) {
    double value = 0;
    cells.push_back(read_cell(field, value));
  }
  const auto count = [&](Cell kind) { return std::count(cells.begin(), cells.end(), kind); };
  bool counted = line.size() > 1 && line[0].empty();
  for (std::size_t c = 1; counted && c < line.size(); ++c) counted = line[c] == std::to_string(c - 1);
  const bool named = count(Cell::word) > 0 && count(Cell::number) == 0 && count(Cell::too_large) == 0;
  if (!named && !counted) return header;
  if (next == line.size() + 1) header.names.emplace_back(); // R's write.table gives the rows' names no name
  header.names.insert(header.names.end(), line.begin(), line.end());
  // "Unnamed: 0" is what pandas calls such a column when it reads and writes it again.
  header.index = header.names.size() > 1 && (header.names[0].empty() || header.names[0] == "Unnamed: 0");
  return header;
}

bool begins_with_row_name(std::string_view line, char separator) {
  const std::size_t first = line.find_first_not_of(blanks);
  if (first != std::string_view::npos && line[first] == '"') return true;
  const auto fields = fields_of(line, separator);
  double value = 0;
  return !fields.empty() && read_cell(fields[0], value) == Cell::number;
}

std::vector<std::string> names_in_comment(std::string_view comment, char separator, std::size_t width) {
  const auto fields = fields_of(comment, separator);
  double value = 0;
  const bool named = fields.size() == width && std::all_of(fields.begin(), fields.end(), [&](std::string_view field) {
                       return read_cell(field, value) == Cell::word;
                     });
  return named ? std::vector<std::string>(fields.begin(), fields.end()) : std::vector<std::string>();
}

bool picks_by_number(const std::string &key) {
  const auto parts = parts_of(key);
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return parse_range(part).has_value(); });
}

Columns pick_columns(const std::string &key, const std::vector<std::string> &names, std::size_t width,
                     const std::string &file) {
  Columns columns;
  if (key.empty()) {
    columns.picked.resize(width);
    std::iota(columns.picked.begin(), columns.picked.end(), std::size_t{0});
    return columns;
  }
  const auto parts = parts_of(key);
  for (const std::string_view part : parts) {
    const std::string shown = data::quoted(part);
    if (const auto name = std::find(names.begin(), names.end(), part); name != names.end()) {
      columns.picked.push_back(static_cast<std::size_t>(name - names.begin()));
    } else if (const auto range = parse_range(part)) {
      if (range->begin >= range->end || range->end > width)
        throw DataError(file + ": no columns " + shown + ", the file has " + std::to_string(width) +
                        " (numbered from 0)");
      for (std::size_t c = range->begin; c < range->end; ++c) columns.picked.push_back(c);
    } else if (names.empty()) {
      throw DataError(file + ": no column " + shown + ", the file does not name its columns");
    } else {
      throw DataError(file + ": no column " + shown + ", there are: " + printable_list(names));
    }
    // A key of many long ranges could otherwise ask for far more than the file holds.
    if (columns.picked.size() > 16 * width + 1024) throw DataError(file + ": the key picks columns many times over");
  }
  columns.one = parts.size() == 1 && columns.picked.size() == 1 && key.find(':') == std::string::npos;
  return columns;
}

} // namespace engram::data
