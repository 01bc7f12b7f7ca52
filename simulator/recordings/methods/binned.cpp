// Two quantities of which only counts in bins are known: a table with a row for each bin of the first.
#include "measures/not_applicable.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <cmath>

namespace engram::recordings {

namespace {

// K × K counts, and the logarithm of the middle of each of the K bins that both quantities have.
struct Bins {
  arma::mat counts;
  arma::vec middle;
};

const TrialColumn &edge_of(const Area &area, const std::string &name) {
  const auto *column = area.table->find(name);
  if (!column) throw measures::NotApplicable(fmt::format("{} has no column '{}'", area.name, name));
  if (!column->words.empty() || !column->values.is_finite() || !(column->values.min() > 0))
    throw measures::NotApplicable(fmt::format("column '{}' of {} holds no edges above 0", name, area.name));
  return *column;
}

Bins bins_of(const Call &call, const Area &area) {
  if (!area.table) throw measures::NotApplicable(area.name + " is no table ('columns')");
  const auto &low = edge_of(area, call.settings.word("low")), &high = edge_of(area, call.settings.word("high"));
  const std::size_t rows = area.table->rows();
  Bins out;
  out.middle = (arma::log(low.values) + arma::log(high.values)) / 2;
  if (!out.middle.is_sorted("strictascend")) throw measures::NotApplicable("the bins are not in ascending order");
  for (const auto &column : area.table->columns) {
    if (&column == &low || &column == &high) continue;
    if (!column.words.empty() || !column.values.is_finite() || column.values.min() < 0)
      throw measures::NotApplicable(fmt::format("column '{}' of {} holds no counts", column.name, area.name));
    out.counts = arma::join_rows(out.counts, column.values);
  }
  if (out.counts.n_cols != rows)
    throw measures::NotApplicable(fmt::format("{} has {} rows and {} columns of counts; both quantities have the same "
                                              "bins",
                                              area.name, rows, out.counts.n_cols));
  if (!(arma::accu(out.counts) > 0)) throw measures::NotApplicable(area.name + " counts nothing");
  return out;
}

std::vector<Result> describe_binned(const Call &call, const Area &area) {
  const auto bins = bins_of(call, area);
  const double all = arma::accu(bins.counts);
  const arma::vec first = arma::sum(bins.counts, 1) / all, second = arma::sum(bins.counts, 0).t() / all;
  const double mean_first = arma::dot(first, bins.middle), mean_second = arma::dot(second, bins.middle);
  const arma::vec x = bins.middle - mean_first, y = bins.middle - mean_second;
  const double scale = std::sqrt(arma::dot(first, x % x) * arma::dot(second, y % y));
  const double r = scale > 0 ? arma::as_scalar(x.t() * bins.counts * y) / all / scale : absent;
  const double higher = arma::accu(arma::trimatu(bins.counts, 1)), same = arma::trace(bins.counts);
  TableMaker table("binned", area, "counts",
                   {"count", "geometric mean of rows", "geometric mean of columns", "r of logarithms",
                    "in a higher bin of columns", "in the same", "in a lower one"});
  table.row(area.name, {all, std::exp(mean_first), std::exp(mean_second), r, higher, same, all - higher - same});
  call.found.tables.push_back(table.made());
  return {result_of("binned.first", std::exp(mean_first)), result_of("binned.second", std::exp(mean_second)),
          result_of("binned.r", r)};
}

std::vector<Conflict> wrong_edges(const Settings &settings) {
  std::vector<Conflict> out;
  for (const char *edge : {"low", "high"})
    if (!settings.given(edge)) out.push_back({edge, "is missing: the column with these edges of the rows' bins"});
  return out;
}

} // namespace

MethodEntry binned_method() {
  return {.words = {.name = "binned",
                    .help =
                        "of a table of counts, rows by bins of one quantity and columns by the same bins of another: "
                        "geometric means, the correlation of the logarithms, and how many are in a higher bin of "
                        "the second; each count at the logarithmic middle of its bin",
                    .reference = "",
                    .parameters = {text("low", "column with the lower edge of each row's bin"),
                                   text("high", "column with the upper edge")}},
          .place = 205,
          .by_name = true,
          .describe = describe_binned,
          .check = wrong_edges};
}

} // namespace engram::recordings
