// describe_csv() describes text with columns.
#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/csv_lines.hpp"
#include "data/describe_parts.hpp"

#include <algorithm>
#include <string_view>

namespace engram::data {

namespace {

using Row = std::vector<std::string_view>;

struct CsvText {
  std::vector<std::string> names; ///< empty: not named
  std::vector<Row> rows;
  std::size_t narrowest = 0, widest = 0;
};

bool reads_as_number(std::string_view field) {
  double value = 0;
  const Cell cell = read_cell(field, value);
  return cell == Cell::number || cell == Cell::missing;
}

CsvText parse(std::string_view text) {
  CsvText table;
  char separator = 0;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    const bool top = separator == 0;
    if (top) separator = find_separator(line);
    Row row = fields_of(line, separator);
    if (!top) {
      table.rows.push_back(std::move(row));
      continue;
    }
    Lines after = lines;
    const std::size_t next = after.next(line) ? fields_of(line, separator).size() : 0;
    table.names = read_header(row, next).names;
    if (table.names.empty()) table.rows.push_back(std::move(row));
  }
  for (const Row &row : table.rows) {
    table.widest = std::max(table.widest, row.size());
    table.narrowest = table.narrowest == 0 ? row.size() : std::min(table.narrowest, row.size());
  }
  return table;
}

Node column_node(const CsvText &table, std::size_t column) {
  Node node;
  node.name = column < table.names.size() ? table.names[column] : std::to_string(column);
  node.kind = "column";
  node.of_values = table.rows.size();
  node.type = "number";
  std::vector<std::string> texts;
  for (const Row &row : table.rows) {
    const std::string_view field = column < row.size() ? row[column] : std::string_view();
    double value = 0;
    if (!reads_as_number(field)) node.type = "text";
    read_cell(field, value);
    if (node.values.size() < shown_values) node.values.push_back(value);
    if (texts.size() < described_rows) texts.emplace_back(field);
  }
  if (node.type == "number") return node;
  node.values.clear();
  set_distinct(node, texts);
  return node;
}

Node lines_node(const CsvText &table) {
  Node node;
  node.kind = "array";
  const bool numbers = std::all_of(table.rows.begin(), table.rows.end(),
                                   [](const Row &row) { return std::all_of(row.begin(), row.end(), reads_as_number); });
  node.type = numbers ? "number" : "text";
  const std::string lines = std::to_string(table.rows.size()) + " lines";
  node.facts.push_back(table.narrowest == table.widest
                           ? lines + " of " + std::to_string(table.widest)
                           : lines + " of " + std::to_string(table.narrowest) + " to " + std::to_string(table.widest));
  for (const std::string_view field : table.rows.front()) {
    double value = 0;
    node.of_values = table.rows.front().size();
    read_cell(field, value);
    if (numbers && node.values.size() < shown_values) node.values.push_back(value);
    if (!numbers && node.texts.size() < shown_texts) node.texts.emplace_back(field);
  }
  return node;
}

} // namespace

FileDescription describe_csv(const std::string &path) {
  Bytes bytes = read_bytes(path);
  if (is_gzip(bytes)) bytes = inflate_gzip(bytes, path);
  if (std::find(bytes.begin(), bytes.end(), std::byte{0}) != bytes.end())
    throw DataError(path + ": is neither text nor another kind of file that is read");
  const CsvText table = parse({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  FileDescription file;
  file.path = path;
  file.format = "text with columns";
  if (table.rows.empty()) throw DataError(path + ": holds no lines of values");
  file.title = std::to_string(table.rows.size()) + " lines, " + std::to_string(table.widest) +
               (table.widest == 1 ? " column" : " columns");
  constexpr std::size_t few = 64; // more are no table that a person made, but a matrix
  if (table.narrowest != table.widest || (table.names.empty() && table.widest > few)) {
    file.children.push_back(lines_node(table));
    if (table.narrowest != table.widest) file.title = std::to_string(table.rows.size()) + " lines of different lengths";
    return file;
  }
  for (std::size_t c = 0; c < table.widest; ++c) file.children.push_back(column_node(table, c));
  return file;
}

} // namespace engram::data
