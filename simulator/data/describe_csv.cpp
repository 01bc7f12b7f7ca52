// describe_csv() describes text with columns, line by line: a text may be larger than memory.
#include "data/csv_columns.hpp"
#include "data/describe_parts.hpp"
#include "data/line_source.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>

namespace engram::data {

namespace {

constexpr std::size_t few_columns = 64; // more are no table that a person made, but a matrix

bool reads_as_number(std::string_view field) {
  double value = 0;
  const Cell cell = read_cell(field, value);
  return cell == Cell::number || cell == Cell::missing;
}

struct ColumnSummary {
  bool text = false;          ///< a field is neither a number nor missing
  std::vector<double> values; ///< the first ones
  std::vector<std::string> texts;
  std::vector<std::size_t> hashes; ///< of the fields of the first rows
};

class CsvSummary {
public:
  void add(std::string_view line) {
    if (separator_ == 0) {
      separator_ = find_separator(line);
      first_ = line;
      return;
    }
    if (rows_ == 0 && !first_.empty()) begin(fields_of(line, separator_).size());
    add_row(fields_of(line, separator_));
  }

  void end() {
    if (rows_ == 0 && separator_ != 0) begin(0);
  }

  FileDescription description(const std::string &path) const {
    FileDescription file;
    file.path = path;
    file.format = "text with columns";
    if (rows_ == 0) throw DataError(path + ": holds no lines of values");
    const std::string lines = std::to_string(rows_) + " lines";
    const bool uneven = narrowest_ != widest_;
    file.title = uneven ? lines + " of different lengths"
                        : lines + ", " + std::to_string(widest_) + (widest_ == 1 ? " column" : " columns");
    if (uneven || (names_.empty() && widest_ > few_columns))
      file.children.push_back(lines_node());
    else
      for (std::size_t c = 0; c < widest_; ++c) file.children.push_back(column_node(c));
    return file;
  }

private:
  /// The first line is a header, or values. `next`: fields of the line after it; 0: there is none.
  void begin(std::size_t next) {
    const std::string line = std::exchange(first_, {});
    const auto row = fields_of(line, separator_);
    names_ = read_header(row, next).names;
    if (names_.empty()) add_row(row);
  }

  void add_row(const std::vector<std::string_view> &row) {
    narrowest_ = rows_ == 0 ? row.size() : std::min(narrowest_, row.size());
    widest_ = std::max(widest_, row.size());
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool number = reads_as_number(row[c]);
      all_numbers_ = all_numbers_ && number;
      if (rows_ == 0) first_row_.emplace_back(row[c]);
      if (names_.empty() && widest_ > few_columns) continue; // it is told as lines
      if (c >= columns_.size()) columns_.emplace_back();
      add_field(columns_[c], row[c], number);
    }
    if (names_.empty() && widest_ > few_columns) columns_.clear();
    ++rows_;
  }

  void add_field(ColumnSummary &column, std::string_view field, bool number) const {
    column.text = column.text || !number;
    if (column.values.size() < shown_values) {
      double value = 0;
      read_cell(field, value);
      column.values.push_back(value);
    }
    constexpr std::size_t most_hashes = 8'000'000; // of all columns together
    if (rows_ >= described_rows || column.hashes.size() >= std::max<std::size_t>(1000, most_hashes / columns_.size()))
      return;
    column.hashes.push_back(std::hash<std::string_view>()(field));
    if (column.texts.size() < shown_texts &&
        std::find(column.texts.begin(), column.texts.end(), field) == column.texts.end())
      column.texts.emplace_back(field);
  }

  Node column_node(std::size_t c) const {
    Node node;
    node.name = c < names_.size() ? names_[c] : std::to_string(c);
    node.kind = "column";
    node.type = columns_[c].text ? "text" : "number";
    node.of_values = rows_;
    if (!columns_[c].text) {
      node.values = columns_[c].values;
      return node;
    }
    auto hashes = columns_[c].hashes;
    std::sort(hashes.begin(), hashes.end());
    node.texts = columns_[c].texts;
    node.of_values =
        static_cast<std::size_t>(std::unique(hashes.begin(), hashes.end()) - hashes.begin()); // different ones
    return node;
  }

  Node lines_node() const {
    Node node;
    node.kind = "array";
    node.type = all_numbers_ ? "number" : "text";
    const std::string lines = std::to_string(rows_) + " lines of ";
    node.facts.push_back(narrowest_ == widest_ ? lines + std::to_string(widest_)
                                               : lines + std::to_string(narrowest_) + " to " + std::to_string(widest_));
    node.of_values = first_row_.size();
    for (const std::string &field : first_row_) {
      double value = 0;
      read_cell(field, value);
      if (all_numbers_ && node.values.size() < shown_values) node.values.push_back(value);
      if (!all_numbers_ && node.texts.size() < shown_texts) node.texts.push_back(field);
    }
    return node;
  }

  char separator_ = 0;
  std::string first_;                          ///< the first line, until the next one tells whether it is a header
  std::vector<std::string> names_, first_row_; ///< names_ is empty where the file does not name its columns
  std::vector<ColumnSummary> columns_;
  std::size_t rows_ = 0, narrowest_ = 0, widest_ = 0;
  bool all_numbers_ = true;
};

} // namespace

FileDescription describe_csv(const std::string &path) {
  LineSource lines(content_source(path));
  CsvSummary summary;
  for (std::string_view line; lines.next(line);) {
    if (lines.zero_byte()) throw DataError(path + ": is neither text nor another kind of file that is read");
    if (holds_something(line)) summary.add(line);
  }
  summary.end();
  return summary.description(path);
}

} // namespace engram::data
