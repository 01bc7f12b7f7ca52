// values is the distribution of all values of an array, or of each column of a table of trials.
#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/summary.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

namespace engram::recordings {

namespace {

const std::vector<std::string> &summary_columns() {
  static const std::vector<std::string> all{"count",    "missing",        "mean",   "deviation",
                                            "least",    "first quartile", "median", "third quartile",
                                            "greatest", "excess kurtosis"};
  return all;
}

std::vector<double> summary_row(const arma::vec &values) {
  const auto s = measures::summarize(values);
  return {static_cast<double>(s.count),
          static_cast<double>(s.missing),
          s.mean,
          s.deviation,
          s.least,
          s.first_quartile,
          s.median,
          s.third_quartile,
          s.greatest,
          s.excess_kurtosis};
}

// Of columns of numbers, over the trials that have both.
Table column_correlations_of(const Area &area, const std::vector<const TrialColumn *> &columns) {
  std::vector<std::string> names;
  for (const auto *column : columns) names.push_back(column->name);
  TableMaker table("values.correlation", area, "column", names);
  for (const auto *a : columns) {
    std::vector<double> row;
    for (const auto *b : columns) {
      const arma::uvec both = arma::find_finite(a->values + b->values);
      row.push_back(both.n_elem < 2
                        ? absent
                        : measures::column_correlations(arma::vec(a->values(both)), arma::vec(b->values(both)))[0]);
    }
    table.row(a->name, row);
  }
  return table.made();
}

std::vector<Result> describe_table(const Call &call, const Area &area) {
  TableMaker table("values", area, "column", summary_columns());
  std::vector<const TrialColumn *> numbers;
  std::vector<Result> out;
  for (const auto &column : area.table->columns) {
    if (!column.words.empty()) {
      out.push_back(result_of("values.different." + column.name, static_cast<double>(column.words.size())));
      continue;
    }
    numbers.push_back(&column);
    table.row(column.name, summary_row(column.values));
    out.push_back(result_of("values.median." + column.name, measures::summarize(column.values).median));
  }
  call.found.tables.push_back(table.made());
  if (numbers.size() > 1) call.found.tables.push_back(column_correlations_of(area, numbers));
  return out;
}

std::vector<Result> describe_values(const Call &call, const Area &area) {
  if (area.table) return describe_table(call, area);
  const auto &responses = responses_of(area);
  arma::vec all;
  for (const auto &cube : responses.values) all = arma::join_cols(all, arma::vectorise(cube));
  TableMaker table("values", area, "array", summary_columns());
  table.row(area.name, summary_row(all));
  call.found.tables.push_back(table.made());
  const auto s = measures::summarize(all);
  return {result_of("values.mean", s.mean, responses.neuron_count()),
          result_of("values.deviation", s.deviation, responses.neuron_count()),
          result_of("values.least", s.least, responses.neuron_count()),
          result_of("values.median", s.median, responses.neuron_count()),
          result_of("values.greatest", s.greatest, responses.neuron_count())};
}

} // namespace

MethodEntry values_method() {
  return {.words = {.name = "values",
                    .help = "mean, deviation and quartiles of all values; of a table of trials those of each column, "
                            "and the columns' correlations",
                    .reference = "",
                    .parameters = {}},
          .place = 200,
          .by_name = true,
          .describe = describe_values};
}

} // namespace engram::recordings
