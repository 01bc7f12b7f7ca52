#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/describe_parts.hpp"

#include <algorithm>
#include <string_view>

namespace engram::data {

namespace {

using Row = std::vector<std::string_view>;

struct Table {
  std::vector<std::string> names; ///< empty: not named
  std::vector<Row> rows;
  std::size_t narrowest = 0, widest = 0;
};

Row fields_of(std::string_view line, char separator) {
  Row row;
  Fields fields(line, separator);
  for (std::string_view field; fields.next(field);) row.push_back(field);
  return row;
}

bool reads_as_number(std::string_view field) {
  double value = 0;
  return parse_number(field, value);
}

Table parse(std::string_view text) {
  Table table;
  char separator = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line[first] == '#') continue;
    const bool top = separator == 0;
    if (top) separator = find_separator(line);
    Row row = fields_of(line, separator);
    if (top && std::none_of(row.begin(), row.end(), reads_as_number))
      table.names.assign(row.begin(), row.end());
    else
      table.rows.push_back(std::move(row));
  }
  for (const Row &row : table.rows) {
    table.widest = std::max(table.widest, row.size());
    table.narrowest = table.narrowest == 0 ? row.size() : std::min(table.narrowest, row.size());
  }
  return table;
}

Node column_node(const Table &table, std::size_t column) {
  Node node;
  node.name = column < table.names.size() ? table.names[column] : std::to_string(column);
  node.kind = "column";
  node.of_values = table.rows.size();
  node.type = "number";
  std::vector<std::string> texts;
  for (const Row &row : table.rows) {
    const std::string_view field = column < row.size() ? row[column] : std::string_view();
    double value = 0;
    if (!parse_number(field, value)) node.type = "text";
    if (node.values.size() < shown_values) node.values.push_back(value);
    if (texts.size() < described_rows) texts.emplace_back(field);
  }
  if (node.type == "number") return node;
  node.values.clear();
  set_distinct(node, texts);
  return node;
}

Node lines_node(const Table &table) {
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
    if (numbers && node.values.size() < shown_values && parse_number(field, value)) node.values.push_back(value);
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
  const Table table = parse({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
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
