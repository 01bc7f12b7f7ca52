// selectivity says how neurons prefer one condition to another in time: whether the code of a memory stays or moves on.
#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace engram::recordings {

namespace {

std::size_t place_of_condition(const Area &area, const std::string &name) {
  const auto &all = responses_of(area).conditions;
  const auto found = std::find(all.begin(), all.end(), name);
  if (found == all.end()) throw measures::NotApplicable(area.name + " has no condition '" + name + "'");
  return static_cast<std::size_t>(found - all.begin());
}

// Neurons × bins: the response to one condition less that to another.
arma::mat selectivity_of(const Area &area, const std::string &preferred, const std::string &other) {
  const auto &responses = responses_of(area);
  const std::size_t a = place_of_condition(area, preferred), b = place_of_condition(area, other);
  arma::mat out(responses.neuron_count(), responses.values.size());
  for (std::size_t t = 0; t < responses.values.size(); ++t) {
    const arma::mat mean = over_repeats(responses.values[t]);
    out.col(t) = (mean.row(a) - mean.row(b)).t();
  }
  return out;
}

// Of differences of neurons, N × bins: what is correlated from one bin to others.
void add_between_bins(const arma::mat &s, const Area &area, Comparison &found, std::vector<Result> &out) {
  const arma::mat r = measures::correlation_matrix(s);
  const auto bins = static_cast<double>(r.n_rows);
  out.push_back(result_of("selectivity.first_and_last_bin", r(0, r.n_cols - 1), s.n_rows));
  out.push_back(result_of("selectivity.pairs_of_bins", (arma::accu(r) - bins) / (bins * (bins - 1)), s.n_rows));
  out.push_back(result_of("selectivity.neighbouring_bins", arma::mean(r.diag(1)), s.n_rows));
  std::vector<std::string> columns;
  for (arma::uword t = 0; t < r.n_cols; ++t) columns.push_back(fmt::format("bin {}", t + 1));
  TableMaker table("selectivity", area, "bin", columns);
  for (arma::uword t = 0; t < r.n_rows; ++t) table.row(columns[t], arma::conv_to<std::vector<double>>::from(r.row(t)));
  found.tables.push_back(table.made());
}

std::vector<Result> describe_selectivity(const Call &call, const Area &area) {
  const auto &settings = call.settings;
  const arma::mat all = selectivity_of(area, settings.word("preferred"), settings.word("other"));
  const arma::uvec complete = arma::find_finite(arma::sum(all, 1));
  if (complete.n_elem < 3)
    throw measures::NotApplicable(area.name + " has fewer than three neurons with both conditions");
  if (complete.n_elem < all.n_rows)
    call.found.notes.push_back(
        fmt::format("selectivity {}: {} of {} neurons lack one of the conditions; they are left out", area.name,
                    all.n_rows - complete.n_elem, all.n_rows));
  const arma::mat s = all.rows(complete);
  std::vector<Result> out{
      result_of("selectivity.mean", arma::accu(s) / static_cast<double>(s.n_elem), s.n_rows),
      result_of("selectivity.share_positive",
                static_cast<double>(arma::accu(arma::mean(s, 1) > 0)) / static_cast<double>(s.n_rows), s.n_rows)};
  if (s.n_cols > 1) add_between_bins(s, area, call.found, out);
  if (!settings.given("beside_preferred")) return out;
  const arma::mat beside = selectivity_of(area, settings.word("beside_preferred"), settings.word("beside_other"));
  const arma::uvec both = arma::find_finite(arma::sum(all + beside, 1));
  if (both.n_elem < 3)
    throw measures::NotApplicable(area.name + " has fewer than three neurons with all four conditions");
  const arma::vec here = arma::mean(all.rows(both), 1), there = arma::mean(beside.rows(both), 1); // over bins
  out.push_back(result_of("selectivity.with_beside", arma::as_scalar(arma::cor(here, there)), both.n_elem));
  return out;
}

std::vector<Conflict> conflicts_of_selectivity(const Settings &settings) {
  for (const char *name : {"preferred", "other"})
    if (!settings.given(name)) return {{name, "is missing: which condition?"}};
  if (settings.given("beside_preferred") != settings.given("beside_other"))
    return {{settings.given("beside_other") ? "beside_other" : "beside_preferred", "is one of a pair: name both"}};
  return {};
}

} // namespace

MethodEntry selectivity_method() {
  return {.words = {.name = "selectivity",
                    .help = "response to one condition less that to another: share of neurons that prefer it, and the "
                            "correlation over neurons from one time bin to others",
                    .reference = "Murray et al. 2017",
                    .parameters = {text("preferred", "condition"), text("other", "condition that is taken off"),
                                   text("beside_preferred",
                                        "condition of another pair, whose differences are correlated with these"),
                                   text("beside_other", "condition that is taken off in that pair")}},
          .place = 185,
          .by_name = true,
          .describe = describe_selectivity,
          .check = conflicts_of_selectivity};
}

} // namespace engram::recordings
