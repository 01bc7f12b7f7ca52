#include "recordings/label_conditions.hpp"

#include "data/table.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace engram::recordings {

namespace {

using Tuple = std::vector<double>;

// Of all units, one label after another.
struct Labels {
  std::vector<std::vector<arma::vec>> values;  // by label and unit
  std::vector<std::vector<std::string>> words; // by label
};

Labels read_all(const Source &source, const std::vector<std::size_t> &counts) {
  Labels out;
  for (const auto &key : source.arrays.labels) {
    out.words.emplace_back();
    if (counts.size() == 1) {
      auto column = trial_column(source.file, key, key);
      out.words.back() = column.words;
      out.values.push_back({std::move(column.values)});
    } else {
      out.values.push_back(lists_of(source.file, key));
    }
    if (out.values.back().size() != counts.size())
      throw data::DataError(fmt::format("{}:{}: labels of {} units, and there are {}", source.file, key,
                                        out.values.back().size(), counts.size()));
    for (std::size_t u = 0; u < counts.size(); ++u) require_count(source, key, out.values.back()[u].n_elem, counts[u]);
  }
  return out;
}

std::string tuple_name(const Tuple &tuple, const Labels &labels) {
  std::string out;
  for (std::size_t l = 0; l < tuple.size(); ++l) {
    const auto &words = labels.words[l];
    out += (l == 0 ? "" : ", ") + (words.empty() ? name_of(tuple[l]) : words[static_cast<std::size_t>(tuple[l])]);
  }
  return out;
}

} // namespace

LabelledTrials labelled_trials(const Source &source, const std::vector<std::size_t> &counts,
                               std::vector<std::string> &notes) {
  const Labels labels = read_all(source, counts);
  if (counts.size() > 1 && !source.arrays.where.empty())
    refuse(source, "where", "is of the trials of one array, and every unit has trials of its own");
  const auto looked_at = counts.size() == 1 ? trials_looked_at(source, counts[0]) : std::vector<bool>{};
  std::map<Tuple, std::size_t> index;
  std::vector<std::vector<std::optional<Tuple>>> tuples(counts.size()); // an empty one: no label
  std::size_t missing = 0;
  for (std::size_t u = 0; u < counts.size(); ++u)
    for (std::size_t k = 0; k < counts[u]; ++k) {
      tuples[u].emplace_back();
      if (!looked_at.empty() && !looked_at[k]) continue;
      Tuple tuple;
      for (const auto &label : labels.values) tuple.push_back(label[u][k]);
      if (std::any_of(tuple.begin(), tuple.end(), [](double v) { return std::isnan(v); })) {
        ++missing;
        if (source.arrays.missing_label.empty()) continue;
        tuple.clear();
      }
      if (!tuple.empty()) index.emplace(tuple, 0);
      tuples[u].back() = std::move(tuple);
    }
  LabelledTrials out;
  for (auto &[tuple, place] : index) {
    place = out.conditions.size();
    out.conditions.push_back(tuple_name(tuple, labels));
  }
  if (missing > 0 && source.arrays.missing_label.empty())
    notes.push_back(fmt::format("{}: {} trials have no label; they are left out ('missing' would name their condition)",
                                source.file, missing));
  if (missing > 0 && !source.arrays.missing_label.empty()) {
    index[{}] = out.conditions.size();
    out.conditions.push_back(source.arrays.missing_label);
  }
  if (out.conditions.empty()) throw data::DataError(source.file + ": no trial is looked at");
  for (const auto &of_unit : tuples) {
    std::vector<std::size_t> count(out.conditions.size());
    out.units.emplace_back();
    for (const auto &tuple : of_unit) {
      out.units.back().emplace_back();
      if (!tuple) continue;
      const std::size_t condition = index.at(*tuple);
      out.units.back().back() = LabelledTrial{condition, count[condition]++};
      out.repeats = std::max(out.repeats, count[condition]);
    }
  }
  const auto names = condition_names(source, out.conditions.size());
  if (!names.empty()) out.conditions = names;
  return out;
}

} // namespace engram::recordings
