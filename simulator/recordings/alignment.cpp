#include "recordings/alignment.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "numeric/watch.hpp"
#include "recordings/completeness.hpp"
#include "recordings/jackknife.hpp"

#include <algorithm>

namespace engram::recordings {

double relabelled(const Call &call, const std::string &name, const arma::mat &x, const arma::mat &y, double value,
                  const Similarity &similarity) {
  const auto &config = call.config;
  std::size_t above = 0;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(name)};
  const numeric::WatchedLoop loop(config.permutations);
  for (std::size_t k = 0; k < config.permutations; ++k) {
    loop.done(k);
    if (call.progress.go_on && !call.progress.go_on()) return absent;
    const auto order = numeric::permutation(random, x.n_rows, k);
    arma::uvec rows(order.size());
    std::copy(order.begin(), order.end(), rows.begin());
    above += similarity(arma::mat(x.rows(rows)), y) >= value - 1e-12; // a relabelling that changes nothing counts
  }
  return static_cast<double>(1 + above) / static_cast<double>(1 + config.permutations);
}

Result of_pair(Result result, const std::string &name, const Area &region, const Area &area, const arma::mat &used) {
  result.method = name;
  result.region = region.name;
  result.area = area.name;
  result.conditions = used.n_rows;
  result.neurons = used.n_cols;
  return result;
}

std::vector<Result> alignment(const Call &call, const std::string &name, const Area &region, const Area &area,
                              const Similarity &similarity) {
  const auto &config = call.config;
  const auto means = complete_means(region, mean_response(responses_of(region)), area,
                                    mean_response(responses_of(area)), name, call.found.notes);
  const arma::mat &x = means.region.values, &y = means.area.values;
  if (x.n_rows < 3) throw measures::NotApplicable("needs three conditions at least");
  Result result;
  result.value = similarity(x, y);
  if (config.bootstrap > 0 && x.n_rows > 5)
    result.ci = jackknife(config, x.n_rows, result.value, call.progress, [&](const arma::uvec &conditions) {
      return similarity(x.rows(conditions), y.rows(conditions));
    });
  if (config.permutations > 0) result.p = relabelled(call, name, x, y, result.value, similarity);
  return {of_pair(result, name, region, area, y)};
}

} // namespace engram::recordings
