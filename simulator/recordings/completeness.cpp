#include "recordings/completeness.hpp"

#include "measures/not_applicable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::recordings {

namespace {

const std::string never = "some responses were never observed";

void tell_left_out(std::size_t kept, std::size_t all, const std::string &what, const std::string &subject,
                   const std::string &why, std::vector<std::string> &notes) {
  if (kept < all)
    notes.push_back(fmt::format("{}: {} {} left out: {}", subject, some_of(all - kept, all, what),
                                all - kept == 1 ? "is" : "are", why));
}

// Of the columns from `first` on, as numbers from 0.
arma::uvec from(const arma::uvec &columns, arma::uword first, arma::uword count) {
  std::vector<arma::uword> out;
  for (const auto c : columns)
    if (c >= first && c < first + count) out.push_back(c - first);
  return arma::uvec(out);
}

} // namespace

std::string some_of(std::size_t some, std::size_t all, const std::string &what) {
  return fmt::format("{} of {} {}s", some, all, what);
}

void tell_without_value(const std::string &subject, const arma::vec &values, std::vector<std::string> &notes) {
  const auto there = arma::uvec(arma::find_finite(values)).n_elem;
  tell_left_out(there, values.n_elem, "neuron", subject, "they do not vary, or have too few repeats", notes);
}

Kept complete_part(const arma::mat &values) {
  arma::uvec of_row(values.n_rows, arma::fill::zeros), of_column(values.n_cols, arma::fill::zeros);
  for (arma::uword c = 0; c < values.n_cols; ++c)
    for (arma::uword r = 0; r < values.n_rows; ++r)
      if (std::isnan(values(r, c))) {
        ++of_row[r];
        ++of_column[c];
      }
  std::vector<char> row(values.n_rows, 1), column(values.n_cols, 1);
  auto rows = static_cast<double>(values.n_rows), columns = static_cast<double>(values.n_cols);
  while (rows > 0 && columns > 0) {
    const arma::uword worst_row = of_row.index_max(), worst_column = of_column.index_max();
    if (of_column[worst_column] == 0) break;
    if (static_cast<double>(of_column[worst_column]) / rows >= static_cast<double>(of_row[worst_row]) / columns) {
      column[worst_column] = 0;
      of_column[worst_column] = 0;
      --columns;
      for (arma::uword r = 0; r < values.n_rows; ++r)
        if (row[r] && std::isnan(values(r, worst_column))) --of_row[r];
    } else {
      row[worst_row] = 0;
      of_row[worst_row] = 0;
      --rows;
      for (arma::uword c = 0; c < values.n_cols; ++c)
        if (column[c] && std::isnan(values(worst_row, c))) --of_column[c];
    }
  }
  const auto left = [](const std::vector<char> &all) {
    std::vector<arma::uword> out;
    for (std::size_t k = 0; k < all.size(); ++k)
      if (all[k]) out.push_back(k);
    return arma::uvec(out);
  };
  return {left(row), left(column)};
}

Means complete_means(const Area &area, const std::string &method, std::vector<std::string> &notes) {
  const arma::mat means = mean_response(responses_of(area));
  const auto kept = complete_part(means);
  if (kept.rows.is_empty() || kept.columns.is_empty())
    throw measures::NotApplicable("no neuron of " + area.name + " has a response to each condition");
  tell_left_out(kept.rows.n_elem, means.n_rows, "condition", method + " " + area.name, never, notes);
  tell_left_out(kept.columns.n_elem, means.n_cols, "neuron", method + " " + area.name, never, notes);
  return {means.submat(kept.rows, kept.columns), kept.rows, kept.columns};
}

MeanPair complete_means(const Area &region, const arma::mat &region_means, const Area &area,
                        const arma::mat &area_means, const std::string &method, std::vector<std::string> &notes) {
  const auto kept = complete_part(arma::join_rows(region_means, area_means));
  const arma::uvec of_region = from(kept.columns, 0, region_means.n_cols),
                   of_area = from(kept.columns, region_means.n_cols, area_means.n_cols);
  if (kept.rows.is_empty() || of_region.is_empty() || of_area.is_empty())
    throw measures::NotApplicable("no neurons of " + region.name + " and " + area.name +
                                  " have responses to the same conditions");
  tell_left_out(kept.rows.n_elem, region_means.n_rows, "condition", method + " " + region.name + ", " + area.name,
                never, notes);
  tell_left_out(of_region.n_elem, region_means.n_cols, "neuron", method + " " + region.name, never, notes);
  tell_left_out(of_area.n_elem, area_means.n_cols, "neuron", method + " " + area.name, never, notes);
  return {{region_means.submat(kept.rows, of_region), kept.rows, of_region},
          {area_means.submat(kept.rows, of_area), kept.rows, of_area}};
}

SingleTrials complete_trials(const arma::cube &repeats, const std::string &area, const std::string &method,
                             std::vector<std::string> &notes) {
  std::vector<arma::uword> condition;
  arma::mat all(repeats.n_rows * repeats.n_slices, repeats.n_cols);
  for (arma::uword r = 0; r < repeats.n_slices; ++r)
    for (arma::uword c = 0; c < repeats.n_rows; ++c) {
      const arma::rowvec trial = repeats.slice(r).row(c);
      if (arma::uvec(arma::find_finite(trial)).is_empty()) continue; // there is no such repeat
      all.row(condition.size()) = trial;
      condition.push_back(c);
    }
  all.resize(condition.size(), repeats.n_cols);
  const auto kept = complete_part(all);
  const std::string subject = method + " " + area;
  tell_left_out(kept.columns.n_elem, all.n_cols, "neuron", subject, "they miss many trials", notes);
  tell_left_out(kept.rows.n_elem, all.n_rows, "trial", subject, "some neurons were not observed in them", notes);
  std::vector<arma::uword> count(repeats.n_rows);
  for (const auto t : kept.rows) ++count[condition[t]];
  std::vector<arma::uword> trials, labels;
  for (const auto t : kept.rows)
    if (count[condition[t]] >= 2) {
      trials.push_back(t);
      labels.push_back(condition[t]);
    }
  const auto conditions =
      static_cast<std::size_t>(std::count_if(count.begin(), count.end(), [](arma::uword n) { return n >= 2; }));
  tell_left_out(conditions, repeats.n_rows, "condition", subject, "fewer than two trials remain of them", notes);
  if (conditions < 2) throw measures::NotApplicable(area + " has no two conditions of two trials each");
  return {all.submat(arma::uvec(trials), kept.columns), arma::uvec(labels)};
}

void tell_missing(const Area &area, std::vector<std::string> &notes) {
  if (!area.responses || area.responses->values.empty()) return;
  const auto &bins = area.responses->values;
  if (std::none_of(bins.begin(), bins.end(), [](const arma::cube &bin) { return bin.has_nan(); })) return;
  const arma::cube repeats = over_time(*area.responses);
  arma::mat whole(repeats.n_rows, repeats.n_slices, arma::fill::zeros); // is any neuron there in this trial?
  for (arma::uword r = 0; r < repeats.n_slices; ++r)
    for (arma::uword n = 0; n < repeats.n_cols; ++n)
      for (arma::uword c = 0; c < repeats.n_rows; ++c)
        if (!std::isnan(repeats(c, n, r))) whole(c, r) = 1;
  const arma::vec count = arma::sum(whole, 1);
  if (count.min() < count.max())
    notes.push_back(fmt::format("{}: conditions have {:g} to {:g} repeats; all of them are used", area.name,
                                count.min(), count.max()));
  std::size_t neurons = 0, missing = 0;
  for (arma::uword n = 0; n < repeats.n_cols; ++n) {
    std::size_t own = 0;
    for (arma::uword r = 0; r < repeats.n_slices; ++r)
      for (arma::uword c = 0; c < repeats.n_rows; ++c) own += whole(c, r) > 0 && std::isnan(repeats(c, n, r)) ? 1 : 0;
    neurons += own > 0;
    missing += own;
  }
  if (neurons > 0)
    notes.push_back(fmt::format("{}: {} {} not observed in some trials that others have ({} of {:g} responses are "
                                "missing); the rest is used",
                                area.name, some_of(neurons, repeats.n_cols, "neuron"), neurons == 1 ? "was" : "were",
                                missing, arma::accu(count) * static_cast<double>(repeats.n_cols)));
}

arma::cube repeats_of(const Area &area) {
  arma::cube repeats = over_time(responses_of(area));
  for (arma::uword n = 0; n < repeats.n_cols; ++n) {
    std::size_t conditions = 0;
    for (arma::uword c = 0; c < repeats.n_rows; ++c) {
      std::size_t there = 0;
      for (arma::uword r = 0; r < repeats.n_slices; ++r) there += std::isnan(repeats(c, n, r)) ? 0 : 1;
      conditions += there >= 2;
    }
    if (conditions >= 2) return repeats;
  }
  throw measures::NotApplicable(area.name + " has no two conditions of two repeats each");
}

} // namespace engram::recordings
