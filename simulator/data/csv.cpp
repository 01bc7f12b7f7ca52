#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/parse.hpp"
#include "data/printable.hpp"

#include <algorithm>

namespace engram::data {

namespace {

/// Lines that hold something: no blank ones, no comments.
class Lines {
public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3); // byte-order mark
  }

  bool next(std::string_view &line) {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string_view::npos && line[first] != '#') return true;
    }
    return false;
  }

  std::size_t number() const { return number_; } ///< of the last line, from 1

private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

std::string shown(std::string_view field) { return field.empty() ? "an empty field" : quoted(field); }

struct Table {
  const std::string &name;
  char separator = ',';
  std::vector<std::string> names; ///< of the columns; empty when the file does not name them
  std::size_t width = 0;
  std::vector<bool> wanted; ///< wanted[c]: column c is picked

  [[noreturn]] void fail(std::size_t line, const std::string &what) const {
    throw DataError(name + ": line " + std::to_string(line) + ": " + what);
  }

  void read_row(std::string_view line, std::size_t number, std::vector<double> &row) const {
    Fields fields(line, separator);
    std::string_view field;
    std::size_t column = 0;
    for (; fields.next(field); ++column) {
      if (column >= width || !wanted[column]) continue;
      if (!parse_number(field, row[column])) {
        const std::string which = names.empty() ? std::to_string(column) : shown(names[column]);
        throw DataError(name + ": line " + std::to_string(number) + ", column " + which + ": " + shown(field) +
                        " is not a number");
      }
    }
    if (fields.quote_open()) fail(number, "a quote is not closed");
    if (column != width)
      fail(number, std::to_string(column) + " columns, the lines above have " + std::to_string(width));
  }
};

Array parse_text(std::string_view text, const std::string &name, const std::string &key) {
  Lines lines(text);
  std::string_view line;
  if (!lines.next(line)) throw DataError(name + ": holds no numbers");

  Table table{.name = name, .separator = find_separator(line), .names = {}, .width = 0, .wanted = {}};
  std::vector<std::string_view> first;
  std::vector<bool> numeric;
  Fields fields(line, table.separator);
  for (std::string_view field; fields.next(field);) {
    double value = 0;
    first.push_back(field);
    numeric.push_back(parse_number(field, value));
  }
  table.width = first.size();
  const bool no_numbers = std::find(numeric.begin(), numeric.end(), true) == numeric.end();
  if (no_numbers) table.names.assign(first.begin(), first.end());

  const Columns columns = pick_columns(key, table.names, table.width, name);
  table.wanted.assign(table.width, false);
  for (const std::size_t c : columns.picked) table.wanted[c] = true;
  // A line of words and numbers is a line of values if the picked ones are numbers; a guess could lose a line.
  if (const auto word = std::find(numeric.begin(), numeric.end(), false);
      !no_numbers && !picks_by_number(key) && word != numeric.end()) {
    const auto c = static_cast<std::size_t>(word - numeric.begin());
    table.fail(lines.number(),
               "column " + std::to_string(c) + ": " + shown(first[c]) + " is not a number, and other columns are");
  }

  std::vector<double> row(table.width), values;
  std::size_t rows = 0;
  for (bool more = !no_numbers || lines.next(line); more; more = lines.next(line), ++rows) {
    table.read_row(line, lines.number(), row);
    if (key.empty())
      values.insert(values.end(), row.begin(), row.end());
    else
      for (const std::size_t c : columns.picked) values.push_back(row[c]);
  }
  if (rows == 0) throw DataError(name + ": names columns and holds no numbers");

  Array array;
  array.shape = {rows};
  if (!columns.one) array.shape.push_back(columns.picked.size());
  array.values = std::move(values);
  return array;
}

} // namespace

Array parse_csv(std::span<const std::byte> bytes, const std::string &name, const std::string &key) {
  Bytes inflated;
  if (is_gzip(bytes)) {
    inflated = inflate_gzip(bytes, name);
    bytes = inflated;
  }
  return parse_text({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, name, key);
}

} // namespace engram::data
