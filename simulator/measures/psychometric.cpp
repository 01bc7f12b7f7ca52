#include "measures/psychometric.hpp"

#include "measures/unknown.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>

namespace engram::measures {

std::vector<Level> by_level(const arma::vec &level, const arma::vec &value) {
  if (level.n_elem != value.n_elem) throw std::invalid_argument("there are not as many values as levels");
  std::map<double, std::vector<double>> values;
  for (arma::uword k = 0; k < level.n_elem; ++k) {
    if (std::isnan(level[k])) continue;
    auto &there = values[level[k]];
    if (!std::isnan(value[k])) there.push_back(value[k]);
  }
  std::vector<Level> out;
  for (const auto &[at, list] : values) {
    const arma::vec v(list);
    const auto n = static_cast<double>(list.size());
    out.push_back({at, list.size(), list.empty() ? unknown : arma::mean(v),
                   list.size() < 2 ? unknown : arma::stddev(v) / std::sqrt(n)});
  }
  return out;
}

Interval wilson_interval(std::size_t right, std::size_t count, double confidence) {
  if (right > count || !(confidence > 0 && confidence < 1))
    throw std::invalid_argument("more right choices than choices, or a confidence outside (0, 1)");
  if (count == 0) return {unknown, unknown};
  const auto n = static_cast<double>(count);
  const double p = static_cast<double>(right) / n, z = std::numbers::sqrt2 * boost::math::erf_inv(confidence);
  const double middle = p + z * z / (2 * n), half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {(middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)};
}

} // namespace engram::measures
