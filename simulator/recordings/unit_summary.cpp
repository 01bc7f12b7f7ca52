#include "recordings/unit_summary.hpp"

#include "numeric/random.hpp"
#include "recordings/completeness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

PairMean::PairMean(const arma::mat &of_pairs) : values_(of_pairs), known_(arma::size(of_pairs), arma::fill::ones) {
  const arma::uvec missing = arma::find_nonfinite(values_);
  values_(missing).zeros();
  known_(missing).zeros();
  values_.diag().zeros();
  known_.diag().zeros();
}

double PairMean::of(const arma::vec &weight) const {
  const double pairs = arma::dot(weight, known_ * weight);
  return pairs > 0 ? arma::dot(weight, values_ * weight) / pairs : absent;
}

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

Result median_reliability(const Config &config, const std::string &method, const arma::vec &correlation,
                          const arma::vec &reliability, const std::string &subject, std::vector<std::string> &notes) {
  constexpr double below_all = -1e300; // and below all that lies between it and a reliability
  const arma::uvec below = arma::find(correlation < 0);
  arma::vec ranked = reliability;
  ranked(below).fill(below_all);
  Result result = median_of(config, method, ranked);
  tell_without_value(subject, correlation, notes);
  if (!below.is_empty())
    notes.push_back(fmt::format("{}: the halves of {} correlate below 0, where Spearman-Brown has no value; the median "
                                "takes them as below all others{}",
                                subject, some_of(below.n_elem, correlation.n_elem, "neuron"),
                                result.value < 0 ? ", and falls among them" : ""));
  if (result.value < 0) result.value = absent;
  if (!std::isfinite(result.value) || result.ci.low < 0) result.ci = {absent, absent};
  return result;
}

Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs) {
  const PairMean mean(of_pairs);
  const arma::uword units = of_pairs.n_rows;
  Result result;
  result.method = method;
  result.value = mean.of(arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = mean.of(weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

} // namespace engram::recordings
