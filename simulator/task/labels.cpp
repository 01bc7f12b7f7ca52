#include "task/labels.hpp"

#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace engram::task {

namespace {

using data::DataError;

std::string shape_text(const std::vector<std::size_t> &shape) {
  std::string out;
  for (const std::size_t n : shape) out += (out.empty() ? "" : " × ") + std::to_string(n);
  return out;
}

// Whole numbers up to here are told apart by the type.
template <class V> constexpr double exact = std::is_same_v<V, float> ? 16777216.0 : 9007199254740992.0;

std::vector<std::int64_t> whole_numbers(const data::Array &array) {
  return std::visit(
      [](const auto &values) {
        using V = typename std::decay_t<decltype(values)>::value_type;
        std::vector<std::int64_t> out;
        out.reserve(values.size());
        for (std::size_t k = 0; k < values.size(); ++k) {
          if constexpr (std::is_floating_point_v<V>) {
            const double v = static_cast<double>(values[k]);
            if (std::isnan(v)) throw DataError(fmt::format("row {}: the label is missing (NaN)", k + 1));
            if (v != std::floor(v))
              throw DataError(fmt::format("row {}: the label {:g} is not a whole number", k + 1, v));
            if (std::abs(v) >= exact<V>)
              throw DataError(fmt::format("row {}: the label {:.17g} is too large for a class number", k + 1, v));
          }
          out.push_back(static_cast<std::int64_t>(values[k]));
        }
        return out;
      },
      array.values);
}

// The column of the 1 in each row; false where a row is another.
bool one_hot(const data::Array &array, std::vector<std::int64_t> &classes) {
  const std::size_t rows = array.rows(), width = array.row_size();
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t ones = 0;
    for (std::size_t c = 0; c < width; ++c) {
      const double v = array.at(row * width + c);
      if (v != 0 && v != 1) return false;
      if (v == 1 && ++ones == 1) classes.push_back(static_cast<std::int64_t>(c));
    }
    if (ones != 1) return false;
  }
  return true;
}

} // namespace

Labels labels_of(const data::Array &array, const std::string &name, const std::vector<std::string> &columns) {
  Labels labels;
  const auto &shape = array.shape;
  const bool row = shape.size() == 2 && shape[0] == 1 && shape[1] > 1;
  if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1) || row) {
    labels.classes = whole_numbers(array);
    if (row)
      labels.notes.push_back(
          fmt::format("{}: the row of {} numbers was taken for {} labels", name, shape[1], shape[1]));
    return labels;
  }
  if (shape.size() == 2 && one_hot(array, labels.classes)) {
    labels.notes.push_back(
        fmt::format("{}: the rows are one-hot; they were taken for the classes 0 to {}", name, shape[1] - 1));
    return labels;
  }
  std::string text = fmt::format("labels are {} numbers, and one for each trial is needed, or one-hot rows (a 1 among "
                                 "zeros)",
                                 shape_text(shape));
  if (!columns.empty()) text += "; \"key\" picks one of the columns " + data::printable_list(columns);
  throw DataError(text);
}

Labels labels_of(const std::vector<std::string> &words, const std::string &name) {
  Labels labels;
  labels.names = words;
  std::sort(labels.names.begin(), labels.names.end());
  labels.names.erase(std::unique(labels.names.begin(), labels.names.end()), labels.names.end());
  for (const auto &word : words)
    labels.classes.push_back(std::lower_bound(labels.names.begin(), labels.names.end(), word) - labels.names.begin());
  labels.notes.push_back(fmt::format(
      "{}: the labels are words; they were taken for classes in alphabetic order: 0 is {}{}", name,
      data::quoted(labels.names.front()),
      labels.names.size() > 1 ? fmt::format(", {} is {}", labels.names.size() - 1, data::quoted(labels.names.back()))
                              : ""));
  return labels;
}

} // namespace engram::task
