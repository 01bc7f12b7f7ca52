#include "recordings/summary.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"

#include <algorithm>

namespace engram::recordings {

namespace {

// Of units that are drawn with these weights; a unit with itself is no pair.
double weighted_mean(const arma::mat &of_pairs, const arma::vec &weight) {
  const double all = arma::accu(weight), pairs = all * all - arma::dot(weight, weight);
  return pairs > 0 ? arma::as_scalar(weight.t() * of_pairs * weight) / pairs : absent;
}

} // namespace

Result median_of(const Config &config, const std::string &method, const arma::vec &values) {
  const arma::vec there = values(arma::find_finite(values));
  const auto median =
      measures::bootstrap_median(there, {std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed});
  Result result;
  result.method = method;
  result.value = median.value;
  if (config.bootstrap > 0) result.ci = median.ci;
  result.neurons = there.n_elem;
  return result;
}

Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs) {
  arma::mat distance = of_pairs;
  distance.diag().zeros();
  const arma::uword units = distance.n_rows;
  Result result;
  result.method = method;
  result.value = weighted_mean(distance, arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = weighted_mean(distance, weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

arma::mat means_of(const Area &area) {
  const arma::mat means = mean_response(responses_of(area));
  if (!means.is_finite())
    throw measures::NotApplicable("some neurons of " + area.name + " have no response to some conditions");
  return means;
}

arma::cube repeats_of(const Area &area) {
  const arma::cube complete = complete_repeats(over_time(responses_of(area)));
  if (complete.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of each condition");
  return complete;
}

} // namespace engram::recordings
