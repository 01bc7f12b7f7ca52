#include "measures/spike_time_tiling.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

namespace {

// ms of the window within dt of a spike.
double tiled(const SpikeTrain &train, const Window &window, double dt) {
  double sum = 0, covered = window.start; // up to here
  for (const double time : train) {
    const double from = std::max(covered, time - dt), to = std::min(window.stop, time + dt);
    if (to > from) sum += to - from;
    covered = std::max(covered, to);
  }
  return sum;
}

// Spikes of a within dt of a spike of b. Those that are dt apart but for rounding are: at 30 kHz 5 ms are 150 samples.
std::size_t paired(const SpikeTrain &a, const SpikeTrain &b, double dt) {
  std::size_t out = 0;
  for (const double time : a) {
    const double reach = dt + rounding_at(time);
    const auto next = std::lower_bound(b.begin(), b.end(), time - reach);
    out += next != b.end() && *next <= time + reach;
  }
  return out;
}

// Of the share of a train's spikes that are paired, and that of the time that the other tiles.
double term(double p, double t) { return p * t == 1 ? 1 : (p - t) / (1 - p * t); }

} // namespace

double spike_time_tiling(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, double dt) {
  if (!(dt > 0)) throw std::invalid_argument("the time within which spikes are together is not above 0");
  require_sorted(a);
  require_sorted(b);
  const double all = duration(observed);
  if (!(all > 0)) throw NotApplicable("trains that were observed for no time");
  const auto of_a = by_window(a, observed), of_b = by_window(b, observed);
  double spikes_a = 0, spikes_b = 0, paired_a = 0, paired_b = 0, tiled_a = 0, tiled_b = 0;
  for (std::size_t w = 0; w < observed.size(); ++w) {
    spikes_a += static_cast<double>(of_a[w].size());
    spikes_b += static_cast<double>(of_b[w].size());
    paired_a += static_cast<double>(paired(of_a[w], of_b[w], dt));
    paired_b += static_cast<double>(paired(of_b[w], of_a[w], dt));
    tiled_a += tiled(of_a[w], observed[w], dt);
    tiled_b += tiled(of_b[w], observed[w], dt);
  }
  if (spikes_a == 0 || spikes_b == 0) return unknown;
  return (term(paired_a / spikes_a, tiled_b / all) + term(paired_b / spikes_b, tiled_a / all)) / 2;
}

} // namespace engram::measures
