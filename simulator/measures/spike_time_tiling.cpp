#include "measures/spike_time_tiling.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

namespace {

// Of the window, within dt of a spike.
double tiled_share(const SpikeTrain &train, const Window &window, double dt) {
  double sum = 0, covered = window.start; // up to here
  for (const double time : train) {
    const double from = std::max(covered, time - dt), to = std::min(window.stop, time + dt);
    if (to > from) sum += to - from;
    covered = std::max(covered, to);
  }
  return sum / window.duration();
}

// Of the spikes of a, within dt of a spike of b.
double paired_share(const SpikeTrain &a, const SpikeTrain &b, double dt) {
  std::size_t paired = 0;
  for (const double time : a) {
    const auto next = std::lower_bound(b.begin(), b.end(), time - dt);
    paired += next != b.end() && *next <= time + dt;
  }
  return static_cast<double>(paired) / static_cast<double>(a.size());
}

double term(double paired, double tiled) { return paired * tiled == 1 ? 1 : (paired - tiled) / (1 - paired * tiled); }

} // namespace

double spike_time_tiling(const SpikeTrain &a, const SpikeTrain &b, const Window &window, double dt) {
  if (!(dt > 0)) throw std::invalid_argument("the time within which spikes are together is not above 0");
  require_train(a, window);
  require_train(b, window);
  if (a.empty() || b.empty()) return unknown;
  return (term(paired_share(a, b, dt), tiled_share(b, window, dt)) +
          term(paired_share(b, a, dt), tiled_share(a, window, dt))) /
         2;
}

} // namespace engram::measures
