// dimensionality is the participation ratio of the mean responses.
#include "measures/dimensionality.hpp"
#include "recordings/completeness.hpp"
#include "recordings/jackknife.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

#include <algorithm>

namespace engram::recordings {

namespace {

constexpr arma::uword most_components = 2000;

std::vector<Result> describe_dimensions(const Call &call, const Area &area) {
  Result result;
  result.method = "dimensionality";
  const arma::mat means = complete_means(area, "dimensionality", call.found.notes).values;
  result.value = measures::participation_ratio(means);
  if (call.config.bootstrap > 0 && means.n_rows > 5)
    result.ci = jackknife(call.config, means.n_rows, result.value, call.progress, [&](const arma::uvec &conditions) {
      return measures::participation_ratio(arma::mat(means.rows(conditions)));
    });
  result.conditions = means.n_rows;
  result.neurons = means.n_cols;
  if (std::min(means.n_rows, means.n_cols) > most_components) return {result}; // the ratio needs no eigenvalues
  const arma::vec spectrum = measures::variance_spectrum(means), reached = arma::cumsum(spectrum);
  TableMaker table("dimensionality", area, "component", {"variance", "share up to it"});
  constexpr arma::uword most = 50;
  for (arma::uword k = 0; k < std::min(most, spectrum.n_elem); ++k)
    table.row(std::to_string(k + 1), {spectrum[k], reached.back() > 0 ? reached[k] / reached.back() : absent});
  call.found.tables.push_back(table.made());
  return {result};
}

} // namespace

MethodEntry dimensionality_method() {
  return {.words = {.name = "dimensionality",
                    .help = "participation ratio of the mean responses",
                    .reference = "Gao et al. 2017",
                    .interval = "jackknife over conditions",
                    .parameters = {}},
          .place = 160,
          .describe = describe_dimensions};
}

} // namespace engram::recordings
