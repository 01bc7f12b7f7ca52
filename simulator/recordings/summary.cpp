#include "recordings/summary.hpp"

#include "numeric/random.hpp"

#include <algorithm>

namespace engram::recordings {

namespace {

// Of units that are drawn with these weights. `there`: 1 for pairs that have a value, and 0 for others, of which the
// matrix is 0.
double weighted_mean(const arma::mat &of_pairs, const arma::mat &there, const arma::vec &weight) {
  const double pairs = arma::as_scalar(weight.t() * there * weight);
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
  arma::mat distance = of_pairs, there(arma::size(of_pairs), arma::fill::ones);
  there(arma::find_nonfinite(of_pairs)).zeros();
  there.diag().zeros(); // a unit with itself is no pair
  distance(arma::find(there == 0)).zeros();
  const arma::uword units = distance.n_rows;
  Result result;
  result.method = method;
  result.value = weighted_mean(distance, there, arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = weighted_mean(distance, there, weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

} // namespace engram::recordings
