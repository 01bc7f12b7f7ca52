#include "recordings/jackknife.hpp"

#include "numeric/random.hpp"
#include "numeric/watch.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace engram::recordings {

measures::Interval jackknife(const Config &config, std::size_t conditions, double value, const Progress &progress,
                             const std::function<double(const arma::uvec &kept)> &without) {
  constexpr std::size_t most_groups = 50;
  constexpr double rounding = 1e-7; // of roots of what is 1 but for the last bits
  const std::size_t groups = std::min(conditions, most_groups);
  const auto order =
      numeric::permutation({config.seed, numeric::Purpose::resample, numeric::name_key("jackknife")}, conditions);
  arma::vec left(groups);
  const numeric::WatchedLoop loop(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    loop.done(g);
    if (progress.go_on && !progress.go_on()) return {absent, absent};
    std::vector<arma::uword> kept;
    for (std::size_t k = 0; k < order.size(); ++k)
      if (k % groups != g) kept.push_back(order[k]);
    left[g] = without(arma::uvec(kept));
  }
  const double n = static_cast<double>(groups);
  const bool alike = left.max() - left.min() <= rounding * std::abs(left.max());
  const double deviation = alike ? 0 : std::sqrt((n - 1) / n * arma::accu(arma::square(left - arma::mean(left))));
  // Where all groups give one value that is not the whole's, the value has an end that they are stuck at.
  if (deviation == 0 && std::abs(left[0] - value) > rounding * std::abs(value)) return {absent, absent};
  const double half = boost::math::quantile(boost::math::normal(), (1 + config.confidence) / 2) * deviation;
  return {value - half, value + half};
}

} // namespace engram::recordings
