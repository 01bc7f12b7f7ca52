#include "measures/track_map.hpp"

#include "measures/not_applicable.hpp"
#include "measures/spatial.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

TrackMap track_map(const arma::vec &time, const arma::vec &place, const SpikeTrain &train, const arma::vec &edges,
                   double longest_gap) {
  if (edges.n_elem < 2 || !edges.is_finite() || !edges.is_sorted("strictascend"))
    throw std::invalid_argument("the edges of bins along a track increase");
  if (time.n_elem != place.n_elem) throw NotApplicable("there is not one place for each time");
  if (!time.is_finite() || !time.is_sorted("strictascend")) throw NotApplicable("times of places do not increase");
  require_sorted(train);
  TrackMap out;
  out.occupancy.zeros(edges.n_elem - 1);
  out.spikes.zeros(edges.n_elem - 1);
  auto spike = train.begin();
  for (arma::uword k = 0; k + 1 < time.n_elem; ++k) {
    const double slack = 1e-9 * (time[k + 1] - time[k]); // as of spikes_by_sample(), for times that were rounded
    spike = std::lower_bound(spike, train.end(), time[k] - slack);
    const auto beyond = std::lower_bound(spike, train.end(), time[k + 1] - slack);
    const auto count = static_cast<double>(beyond - spike);
    spike = beyond;
    if (!(place[k] >= edges.front() && place[k] <= edges.back()) || time[k + 1] - time[k] > longest_gap) continue;
    const auto after = std::upper_bound(edges.begin(), edges.end() - 1, place[k]);
    const auto bin = static_cast<arma::uword>(after - edges.begin()) - 1;
    out.occupancy[bin] += time[k + 1] - time[k];
    out.spikes[bin] += count;
  }
  out.rate = 1000 * out.spikes / out.occupancy; // 0 / 0 is NaN
  out.bits_per_spike = spatial_information(out.rate, out.occupancy).bits_per_spike;
  return out;
}

} // namespace engram::measures
