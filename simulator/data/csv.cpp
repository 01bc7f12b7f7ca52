// parse_csv() and its relatives read numbers, tables and words from text with columns.
#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/csv_lines.hpp"
#include "data/parse.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace {

std::string shown(std::string_view field) { return field.empty() ? "an empty field" : data::quoted(field); }

/// The text as columns, of which some are picked.
class CsvReader {
public:
  enum class Mixed { refused, may_be }; ///< a first line of words and numbers
  CsvReader(std::string_view text, const std::string &name, const std::string &key, Mixed mixed = Mixed::refused)
      : name_(name), key_(key), rest_(text) {
    std::string_view line;
    if (!rest_.next(line)) throw DataError(name + ": holds no numbers");
    separator_ = find_separator(line);
    const auto first = fields_of(line, separator_);
    Lines after = rest_;
    const std::string_view top = line;
    std::size_t next = after.next(line) ? fields_of(line, separator_).size() : 0;
    // Words of two parts under one name are no rows' names.
    if (next == first.size() + 1 && !begins_with_row_name(line, separator_)) next = 0;
    header_ = read_header(first, next);
    if (header_.names.empty()) commented_ = names_in_comment(rest_.comment(), separator_, first.size());
    width_ = header_.names.empty() ? first.size() : header_.names.size();
    columns_ = pick_columns(key, header_.names, width_, name);
    if (header_.index && key.empty()) columns_.picked.erase(columns_.picked.begin());
    wanted_.assign(width_, false);
    for (const std::size_t c : columns_.picked) wanted_[c] = true;
    if (!header_.names.empty()) return;
    pending_ = top;
    if (mixed == Mixed::refused) refuse_mixed(first);
  }

  /// The fields of the next line; false when there are no more.
  bool next(std::vector<std::string_view> &row) {
    std::string_view line = pending_;
    if (pending_.empty() && !rest_.next(line)) return false;
    pending_ = {};
    row.clear();
    Fields fields(line, separator_);
    for (std::string_view field; fields.next(field);) row.push_back(field);
    if (fields.quote_open()) fail("a quote is not closed");
    if (row.size() != width_)
      fail(std::to_string(row.size()) + " columns, the lines above have " + std::to_string(width_));
    return true;
  }

  double number(const std::vector<std::string_view> &row, std::size_t column) {
    double value = 0;
    const Cell cell = read_cell(row[column], value);
    if (cell == Cell::missing && missing_line_ == 0) missing_line_ = rest_.number();
    if (cell == Cell::number || cell == Cell::missing) return value;
    const std::string which = header_.names.empty() ? std::to_string(column) : shown(header_.names[column]);
    throw DataError(name_ + ": line " + std::to_string(rest_.number()) + ", column " + which + ": " +
                    shown(row[column]) +
                    (cell == Cell::too_large ? " is too large for a 64-bit float" : " is not a number"));
  }

  [[noreturn]] void fail(const std::string &what) const {
    throw DataError(name_ + ": line " + std::to_string(rest_.number()) + ": " + what);
  }

  std::size_t line() const { return rest_.number(); }        ///< number of the last that next() gave
  std::size_t missing_line() const { return missing_line_; } ///< of the first that number() met; 0: none
  const Columns &columns() const { return columns_; }
  const std::vector<bool> &wanted() const { return wanted_; }
  bool named() const { return !header_.names.empty(); }
  const std::vector<std::string> &commented() const { return commented_; }

  std::vector<std::string> picked_names() const {
    std::vector<std::string> out;
    if (named())
      for (const std::size_t c : columns_.picked) out.push_back(header_.names[c]);
    return out;
  }

  std::vector<std::string> notes() const {
    if (!header_.index || !key_.empty()) return {};
    return {name_ + ": the first column has no name; it was taken for the rows' index and left out"};
  }

private:
  // A line of words and numbers is a line of values if the picked ones are numbers; a guess could lose a line.
  void refuse_mixed(const std::vector<std::string_view> &first) const {
    if (picks_by_number(key_)) return;
    for (std::size_t c = 0; c < first.size(); ++c) {
      double value = 0;
      if (read_cell(first[c], value) == Cell::word)
        fail("column " + std::to_string(c) + ": " + shown(first[c]) + " is not a number, and other columns are");
    }
  }

  const std::string &name_, &key_;
  Lines rest_;
  std::string_view pending_; // a line that is read already
  char separator_ = ',';
  Header header_;
  std::vector<std::string> commented_; // names that a comment gives to the columns
  std::size_t width_ = 0;
  Columns columns_;
  std::vector<bool> wanted_; // wanted_[c]: column c is picked
  std::size_t missing_line_ = 0;
};

/// The text, which is unpacked into `inflated` where it is gzip.
std::string_view csv_text(std::span<const std::byte> bytes, const std::string &name, Bytes &inflated) {
  if (is_gzip(bytes)) {
    inflated = inflate_gzip(bytes, name);
    bytes = inflated;
  }
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

// Is the first line of values 0, 1, 2, …, as pandas names columns without names, among others that may be data? Rows of
// two whole numbers often begin so.
bool counts_columns(const std::vector<double> &values, std::size_t width) {
  if (width < 2 || values.size() <= width) return false;
  for (std::size_t c = 0; c < width; ++c)
    if (values[c] != static_cast<double>(c)) return false;
  return width > 2 || std::any_of(values.begin(), values.end(), [](double x) { return x != std::floor(x); });
}

Table parse_text(std::string_view all, const std::string &name, const std::string &key) {
  CsvReader text(all, name, key);
  std::vector<double> row, values;
  std::vector<std::string_view> fields;
  const auto &picked = text.columns().picked;
  std::size_t rows = 0;
  Table table;
  while (text.next(fields)) {
    row.assign(fields.size(), 0);
    for (std::size_t c = 0; c < fields.size(); ++c)
      if (text.wanted()[c]) row[c] = text.number(fields, c);
    for (const std::size_t c : picked) values.push_back(row[c]);
    ++rows;
  }
  if (rows == 0) throw DataError(name + ": names columns and holds no numbers");
  table.array.shape = {rows};
  if (!text.columns().one) table.array.shape.push_back(picked.size());
  table.array.values = std::move(values);
  table.columns = text.picked_names();
  table.notes = text.notes();
  table.missing_line = text.missing_line();
  if (key.empty() && !text.named() && counts_columns(std::get<std::vector<double>>(table.array.values), picked.size()))
    table.notes.push_back(name +
                          ": the first line is 0, 1, 2, …, and was taken for values; where it names the columns, "
                          "as pandas writes it, leave it out (header=False)");
  if (key.empty()) table.commented = text.commented();
  return table;
}

} // namespace

Table parse_csv_table(std::span<const std::byte> bytes, const std::string &name, const std::string &key) {
  Bytes inflated;
  return parse_text(csv_text(bytes, name, inflated), name, key);
}

Array parse_csv(std::span<const std::byte> bytes, const std::string &name, const std::string &key) {
  return parse_csv_table(bytes, name, key).array;
}

std::vector<std::string> parse_csv_words(std::span<const std::byte> bytes, const std::string &name,
                                         const std::string &key) {
  Bytes inflated;
  CsvReader text(csv_text(bytes, name, inflated), name, key, CsvReader::Mixed::may_be);
  std::vector<std::string> words;
  if (text.columns().picked.size() != 1) return words;
  const std::size_t column = text.columns().picked[0];
  struct Kind {
    std::size_t count = 0, row = 0, line = 0; // where the first is
    std::string first;
  } word, number;
  for (std::vector<std::string_view> fields; text.next(fields);) {
    double value = 0;
    const Cell cell = read_cell(fields[column], value);
    if (Kind &kind = cell == Cell::word ? word : number; cell != Cell::missing && kind.count++ == 0)
      kind = {1, words.size() + 1, text.line(), shown(fields[column])};
    if (cell == Cell::missing)
      words.emplace_back(); // told by the caller, which knows whether it must be there
    else
      words.emplace_back(fields[column]);
  }
  if (word.count > 0 && number.count > 0) { // a slip of the pen, or both are names: that is not for us to say
    const bool stray_word = word.count <= number.count;
    const Kind &odd = stray_word ? word : number;
    throw DataError(name + ": row " + std::to_string(odd.row) + " (line " + std::to_string(odd.line) + "): the label " +
                    odd.first +
                    (stray_word ? " is not a number, and others are" : " is a number, and others are words"));
  }
  if (word.count == 0) words.clear();
  return words;
}

} // namespace engram::data
