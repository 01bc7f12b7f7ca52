#include "data/table.hpp"

#include "data/bytes.hpp"
#include "data/mat.hpp"
#include "data/parse.hpp"
#include "data/printable.hpp"
#include "data/read.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <cctype>

namespace engram::data {

namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

} // namespace

bool is_among(const std::string &name, const std::vector<std::string> &names) {
  const std::string wanted = lower_case(name);
  return std::any_of(names.begin(), names.end(), [&](const auto &one) { return lower_case(one) == wanted; });
}

LabelColumn read_labels(const std::string &path, const std::string &key) {
  LabelColumn labels;
  if (path.ends_with(".mat")) {
    try {
      labels.words = read_mat_texts(path, key);
    } catch (const DataError &) { // numbers, or what read_mat refuses in better words
    }
  } else if (is_text_table(path)) {
    labels.words = parse_csv_words(read_bytes(path), path, key);
  }
  for (std::size_t row = 0; row < labels.words.size(); ++row)
    if (labels.words[row].empty())
      throw DataError(path + ": row " + std::to_string(row + 1) + ": the label is missing");
  if (labels.words.empty()) labels.numbers = read_table(path, key);
  return labels;
}

Table in_order(Table table, const std::string &file, const std::vector<std::vector<std::string>> &wanted,
               std::size_t optional) {
  const auto is_wanted = [&](const std::string &name) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const auto &names) { return is_among(name, names); });
  };
  if (table.columns.empty() && !table.commented.empty() &&
      std::all_of(table.commented.begin(), table.commented.end(), is_wanted)) {
    table.columns = table.commented; // numpy.savetxt writes its header so
    table.notes.push_back(file +
                          ": the columns have the names of the comment above them: " + printable_list(table.columns));
  }
  if (table.columns.empty()) return table;
  std::vector<std::string> first; // the names to tell
  for (const auto &names : wanted) first.push_back(names.front());
  for (const auto &name : table.columns)
    if (!is_wanted(name))
      throw DataError(file + ": unknown column " + data::quoted(name) + "; " + suggest(name, first));
  std::vector<std::size_t> order;
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    std::vector<std::size_t> found;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (is_among(table.columns[c], wanted[w])) found.push_back(c);
    if (found.size() > 1)
      throw DataError(file + ": columns " + data::quoted(table.columns[found[0]]) + " and " +
                      data::quoted(table.columns[found[1]]) + " are both " + data::quoted(first[w]));
    if (found.empty() && w + optional < wanted.size())
      throw DataError(file + ": the column " + data::quoted(first[w]) +
                      " is missing, there are: " + printable_list(table.columns));
    order.insert(order.end(), found.begin(), found.end());
  }
  const std::size_t rows = table.array.rows(), width = table.columns.size();
  std::vector<double> values;
  std::vector<std::string> names;
  values.reserve(rows * width);
  for (std::size_t row = 0; row < rows; ++row)
    for (const std::size_t c : order) values.push_back(table.array.at(row * width + c));
  for (const std::size_t c : order) names.push_back(table.columns[c]);
  table.array.values = std::move(values);
  table.columns = std::move(names);
  return table;
}

} // namespace engram::data
