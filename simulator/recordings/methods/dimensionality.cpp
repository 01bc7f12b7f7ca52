// The participation ratio of the mean responses.
#include "measures/dimensionality.hpp"
#include "recordings/jackknife.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_dimensions(const Call &call, const Area &area) {
  Result result;
  result.method = "dimensionality";
  const arma::mat means = means_of(area);
  result.value = measures::participation_ratio(means);
  if (call.config.bootstrap > 0 && means.n_rows > 5)
    result.ci = jackknife(call.config, means.n_rows, result.value, call.progress, [&](const arma::uvec &conditions) {
      return measures::participation_ratio(arma::mat(means.rows(conditions)));
    });
  result.neurons = means.n_cols;
  return {result};
}

} // namespace

MethodEntry dimensionality_method() {
  return {.words = {.name = "dimensionality",
                    .help = "participation ratio of the mean responses",
                    .reference = "Gao et al. 2017",
                    .parameters = {}},
          .place = 160,
          .describe = describe_dimensions};
}

} // namespace engram::recordings
