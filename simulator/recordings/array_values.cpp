#include "recordings/array_values.hpp"

#include "data/mat.hpp"
#include "data/pictures/pictures.hpp"
#include "data/table.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>

namespace engram::recordings {

namespace {

// The column of "KEY(:,N)", from 1, which is taken off the key; 0 where the key names none.
std::size_t take_column(std::string &key) {
  const auto place = key.rfind("(:,");
  if (place == std::string::npos || place == 0 || !key.ends_with(")")) return 0;
  const std::string digits = key.substr(place + 3, key.size() - place - 4);
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) return 0;
  const auto column = static_cast<std::size_t>(std::stoul(digits));
  if (column > 0) key.resize(place);
  return column;
}

arma::vec values_in(const data::Array &array) {
  arma::vec out(array.size());
  for (std::size_t k = 0; k < array.size(); ++k) out[k] = array.at(k);
  return out;
}

bool is_one_of(const std::vector<std::string> &words, const std::string &word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool fits(const Filter &filter, const TrialColumn &column, std::size_t k) {
  const double value = column.values[k];
  if (std::isnan(value)) return false;
  if (!filter.words.empty()) return is_one_of(filter.words, column.words.at(static_cast<std::size_t>(value)));
  const bool is = filter.is.empty() || std::find(filter.is.begin(), filter.is.end(), value) != filter.is.end();
  return is && value >= filter.from && value > filter.above && value <= filter.to && value < filter.below;
}

} // namespace

arma::vec values_of(const std::string &file, const std::string &key) {
  std::string name = key;
  const std::size_t column = take_column(name);
  const auto array = data::read_table(file, name).array;
  if (column == 0) return values_in(array);
  if (array.shape.size() != 2 || column > array.shape[1])
    throw data::DataError(fmt::format("{}:{}: has no column {}", file, name, column));
  arma::vec out(array.shape[0]);
  for (std::size_t k = 0; k < array.shape[0]; ++k) out[k] = array.at(k * array.shape[1] + column - 1);
  return out;
}

std::vector<arma::vec> lists_of(const std::string &file, const std::string &key) {
  if (!file.ends_with(".mat")) return {values_of(file, key)};
  std::vector<arma::vec> out;
  for (const auto &array : data::read_mat_arrays(file, key)) out.push_back(values_in(array));
  return out;
}

TrialColumn trial_column(const std::string &file, const std::string &name, const std::string &key) {
  std::string whole = key;
  if (take_column(whole) > 0) return {name, values_of(file, key), {}};
  const auto labels = data::read_labels(file, key);
  if (labels.words.empty()) return {name, values_in(labels.numbers.array), {}};
  return word_column(name, labels.words);
}

TrialColumn word_column(const std::string &name, const std::vector<std::string> &words) {
  TrialColumn out{name, {}, words};
  std::sort(out.words.begin(), out.words.end());
  out.words.erase(std::unique(out.words.begin(), out.words.end()), out.words.end());
  out.values.set_size(words.size());
  for (std::size_t k = 0; k < words.size(); ++k)
    out.values[k] =
        static_cast<double>(std::lower_bound(out.words.begin(), out.words.end(), words[k]) - out.words.begin());
  return out;
}

void require_count(const Source &source, const std::string &key, std::size_t values, std::size_t count) {
  if (values != count)
    throw data::DataError(fmt::format("{}:{}: has {} values for {} trials", source.file, key, values, count));
}

std::vector<bool> trials_looked_at(const Source &source, std::size_t count) {
  return trials_looked_at(source, count, [&](const std::string &key, bool words) {
    return words ? trial_column(source.file, key, key) : TrialColumn{key, values_of(source.file, key), {}};
  });
}

std::vector<bool> trials_looked_at(const Source &source, std::size_t count, const ColumnByKey &column_by_key) {
  std::vector<bool> out(count, true);
  for (const auto &alternatives : source.arrays.where) {
    std::vector<bool> any(count, false);
    for (const auto &filter : alternatives) {
      const bool words = !filter.words.empty();
      TrialColumn column = column_by_key(filter.key, words);
      require_count(source, filter.key, column.values.n_elem, count);
      if (words != !column.words.empty() && count > 0)
        refuse(source, "where",
               fmt::format("'{}' holds {}, and is compared with {}", filter.key, words ? "numbers" : "words",
                           words ? "words" : "numbers"));
      if (!filter.over.empty()) {
        const TrialColumn divisor = column_by_key(filter.over, false);
        require_count(source, filter.over, divisor.values.n_elem, count);
        // The values of words are their places in the alphabet.
        if (!divisor.words.empty())
          refuse(source, "where", fmt::format("'{}' holds words, and nothing is divided by them", filter.over));
        column.values /= divisor.values;
      }
      for (std::size_t k = 0; k < count; ++k) any[k] = any[k] || fits(filter, column, k);
    }
    for (std::size_t k = 0; k < count; ++k) out[k] = out[k] && any[k];
  }
  return out;
}

data::Array grey_of(const std::string &file, data::Array pictures, std::vector<std::string> &notes) {
  if (pictures.shape.size() == 3) return pictures;
  notes.push_back(file + ": colours are taken as grey values, 0.299 R + 0.587 G + 0.114 B, rounded");
  return data::grey_values(pictures);
}

} // namespace engram::recordings
