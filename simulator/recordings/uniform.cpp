#include "recordings/uniform.hpp"

#include "measures/not_applicable.hpp"

#include <algorithm>
#include <cmath>

namespace engram::recordings {

Uniform make_uniform(arma::mat &samples, const std::vector<double> &times) {
  const std::size_t count = times.size();
  if (count < 2 || count != samples.n_rows) throw measures::NotApplicable("a stimulus of fewer than two samples");
  std::vector<double> interval(count - 1);
  for (std::size_t k = 0; k + 1 < count; ++k) interval[k] = times[k + 1] - times[k];
  if (!std::all_of(interval.begin(), interval.end(), [](double d) { return d > 0 && std::isfinite(d); }))
    throw measures::NotApplicable("the times of the stimulus do not increase");
  const double mean = (times.back() - times.front()) / static_cast<double>(count - 1);
  bool regular = true;
  for (std::size_t k = 0; k < count; ++k)
    regular = regular && std::abs(times[k] - times.front() - static_cast<double>(k) * mean) <= mean / 2;
  if (regular) return {times.front(), mean, false};

  const auto middle = interval.begin() + static_cast<std::ptrdiff_t>(interval.size() / 2);
  std::nth_element(interval.begin(), middle, interval.end());
  const double step = *middle, total = std::floor((times.back() - times.front()) / step + 1e-9) + 1;
  if (total > 2 * static_cast<double>(count))
    throw measures::NotApplicable("the stimulus has gaps: its times are too far from uniform");
  arma::uvec source(static_cast<arma::uword>(total));
  for (std::size_t k = 0, at = 0; k < source.n_elem; ++k) {
    const double time = times.front() + static_cast<double>(k) * step;
    while (at + 1 < count && times[at + 1] <= time + 1e-9 * step) ++at;
    source[k] = at;
  }
  samples = samples.rows(source);
  return {times.front(), step, true};
}

} // namespace engram::recordings
