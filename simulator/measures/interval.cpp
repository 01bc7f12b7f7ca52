#include "measures/interval.hpp"

#include "measures/unknown.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace engram::measures {

namespace {

// Takes the values apart; none of them is NaN.
double quantile_of(std::vector<double> &x, double p) {
  const double place = p * static_cast<double>(x.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = x.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(x.begin(), at, x.end());
  const double part = place - static_cast<double>(below);
  if (part == 0) return *at;
  const double above = *std::min_element(at + 1, x.end());
  return *at + part * (above - *at);
}

double mean_of(std::vector<double> &x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double median_of(std::vector<double> &x) { return quantile_of(x, 0.5); }

using Statistic = double (*)(std::vector<double> &);

Estimate bootstrapped(const arma::vec &values, const Resampling &resampling, Statistic statistic) {
  if (resampling.draws == 0) throw std::invalid_argument("a bootstrap needs one draw at least");
  if (!(resampling.level > 0 && resampling.level < 1))
    throw std::invalid_argument("the level of an interval lies between 0 and 1");
  const Estimate nothing{unknown, {unknown, unknown}};
  if (values.is_empty() || values.has_nan()) return nothing;
  std::vector<double> sample(values.begin(), values.end());
  const double value = statistic(sample);
  if (values.n_elem < 2) return {value, nothing.ci};
  const numeric::Random random{resampling.seed, numeric::Purpose::resample, numeric::name_key("bootstrap")};
  const auto count = static_cast<double>(values.n_elem);
  arma::vec draws(resampling.draws);
  for (std::size_t d = 0; d < resampling.draws; ++d) {
    for (std::size_t k = 0; k < sample.size(); ++k)
      sample[k] = values[static_cast<arma::uword>(random.uniform(k, d) * count)];
    draws[d] = statistic(sample);
  }
  return {value, percentile_interval(draws, resampling.level)};
}

} // namespace

double quantile(const arma::vec &values, double p) {
  if (!(p >= 0 && p <= 1)) throw std::invalid_argument("a quantile's p lies between 0 and 1");
  if (values.is_empty() || values.has_nan()) return unknown;
  std::vector<double> x(values.begin(), values.end());
  return quantile_of(x, p);
}

double median(const arma::vec &values) { return quantile(values, 0.5); }

Interval percentile_interval(const arma::vec &draws, double level) {
  if (!(level > 0 && level < 1)) throw std::invalid_argument("the level of an interval lies between 0 and 1");
  return {quantile(draws, (1 - level) / 2), quantile(draws, (1 + level) / 2)};
}

Interval finite_percentile_interval(const arma::vec &draws, double level) {
  const arma::vec there = draws(arma::find_finite(draws));
  return percentile_interval(2 * there.n_elem < draws.n_elem ? arma::vec() : there, level);
}

Estimate bootstrap_mean(const arma::vec &values, const Resampling &resampling) {
  return bootstrapped(values, resampling, mean_of);
}

Estimate bootstrap_median(const arma::vec &values, const Resampling &resampling) {
  return bootstrapped(values, resampling, median_of);
}

} // namespace engram::measures
