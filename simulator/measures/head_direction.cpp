#include "measures/head_direction.hpp"

#include "measures/not_applicable.hpp"
#include "measures/tuning.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

DirectionTuning direction_tuning(const arma::vec &time, const arma::vec &direction, const SpikeTrain &train,
                                 std::size_t bins, double longest_gap) {
  if (bins == 0) throw std::invalid_argument("tuning to a direction needs a bin");
  if (time.n_elem != direction.n_elem) throw NotApplicable("there is not one direction for each time");
  if (!time.is_finite() || !time.is_sorted("strictascend")) throw NotApplicable("times of directions do not increase");
  require_sorted(train);
  const double width = 360 / static_cast<double>(bins);
  DirectionTuning out;
  out.angle = width * (arma::regspace(0, static_cast<double>(bins) - 1) + 0.5);
  out.occupancy.zeros(bins);
  out.spikes.zeros(bins);
  auto spike = train.begin();
  for (arma::uword k = 0; k + 1 < time.n_elem; ++k) {
    const double slack = 1e-9 * (time[k + 1] - time[k]); // as of spikes_by_sample(), for times that were rounded
    spike = std::lower_bound(spike, train.end(), time[k] - slack);
    const auto beyond = std::lower_bound(spike, train.end(), time[k + 1] - slack);
    const auto count = static_cast<double>(beyond - spike);
    spike = beyond;
    if (!std::isfinite(direction[k]) || time[k + 1] - time[k] > longest_gap) continue;
    const double turned = direction[k] - 360 * std::floor(direction[k] / 360);
    const auto bin = std::min(static_cast<arma::uword>(bins) - 1, static_cast<arma::uword>(turned / width));
    out.occupancy[bin] += time[k + 1] - time[k];
    out.spikes[bin] += count;
  }
  out.rate = 1000 * out.spikes / out.occupancy; // 0 / 0 is NaN
  const arma::uvec visited = arma::find(out.occupancy > 0);
  out.length = out.mean = unknown;
  if (visited.is_empty() || !(arma::accu(out.spikes) > 0)) return out;
  out.length = vector_selectivity(out.angle(visited), out.rate(visited), 360);
  out.mean = preferred_angle(out.angle(visited), out.rate(visited), 360);
  return out;
}

} // namespace engram::measures
