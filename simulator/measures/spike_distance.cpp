#include "measures/spike_distance.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace engram::measures {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double count_difference(const SpikeTrain &a, const SpikeTrain &b) {
  return std::abs(static_cast<double>(a.size()) - static_cast<double>(b.size()));
}

// Calls f(t, spikes of a at t − spikes of b at t) for every time with spikes, in order.
template <class F> void each_time(const SpikeTrain &a, const SpikeTrain &b, F f) {
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const double t = std::min(i < a.size() ? a[i] : infinity, j < b.size() ? b[j] : infinity);
    double net = 0;
    for (; i < a.size() && a[i] == t; ++i) net += 1;
    for (; j < b.size() && b[j] == t; ++j) net -= 1;
    f(t, net);
  }
}

template <class F> arma::mat each_pair(const std::vector<SpikeTrain> &trains, F distance) {
  const std::size_t count = trains.size();
  arma::mat out(count, count, arma::fill::zeros);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = i + 1; j < count; ++j) out(i, j) = out(j, i) = distance(trains[i], trains[j]);
  return out;
}

} // namespace

double victor_purpura(const SpikeTrain &a, const SpikeTrain &b, double q) {
  require_sorted(a);
  require_sorted(b);
  if (!(q >= 0)) throw std::invalid_argument("the cost of moving a spike is negative");
  // cost[j] = G(i, j), the cost of the first i spikes of a against the first j of b (Victor & Purpura 1996, appendix).
  // Spikes farther apart than 2 / q are never matched. So among the paths that take the spikes in the order of time,
  // one of least cost keeps b near a: no farther than 2 / q behind the last spike of a, and no farther than that ahead
  // of the next.
  const double reach = 2 / q;
  std::vector<double> cost(b.size() + 1, infinity);
  const auto last_within = [&](std::size_t i) { // of b, with i spikes of a behind
    const double until = i < a.size() ? a[i] + reach : infinity;
    return static_cast<std::size_t>(std::upper_bound(b.begin(), b.end(), until) - b.begin());
  };
  for (std::size_t j = 0; j <= last_within(0); ++j) cost[j] = static_cast<double>(j);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto first = static_cast<std::size_t>(std::lower_bound(b.begin(), b.end(), a[i] - reach) - b.begin());
    double before = infinity; // G(i − 1, j − 1)
    if (first > 0) before = std::exchange(cost[first - 1], infinity);
    for (std::size_t j = first, last = last_within(i + 1); j <= last; ++j) {
      const double apart = j > 0 ? std::abs(a[i] - b[j - 1]) : 0;
      const double moved = before + (apart > 0 ? q * apart : 0);
      before = cost[j];
      cost[j] = std::min({moved, cost[j] + 1, j > 0 ? cost[j - 1] + 1 : infinity});
    }
  }
  return cost.back();
}

double van_rossum(const SpikeTrain &a, const SpikeTrain &b, double tau) {
  require_sorted(a);
  require_sorted(b);
  if (!(tau >= 0)) throw std::invalid_argument("the time constant is negative");
  if (std::isinf(tau)) return count_difference(a, b);
  // After an event f − g = x exp(−s / τ), and 2 / τ ∫ x² exp(−2 s / τ) ds over s in (0, Δ) is x² (1 − exp(−2 Δ / τ)).
  double square = 0, x = 0, last = -infinity;
  each_time(a, b, [&](double t, double net) {
    if (x != 0) {
      const double decay = tau > 0 ? (t - last) / tau : infinity;
      square -= x * x * std::expm1(-2 * decay);
      x *= std::exp(-decay);
    }
    x += net;
    last = t;
  });
  return std::sqrt(square + x * x);
}

double victor_purpura(const SpikeTrain &a, const SpikeTrain &b, double q, const Observation &observed) {
  if (observed.empty()) return unknown;
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0])) return victor_purpura(a, b, q);
  ByWindow of_a(a, observed), of_b(b, observed);
  double sum = 0;
  for (std::size_t k = 0; k < observed.size(); ++k) {
    const SpikeTrain &x = of_a.next(), &y = of_b.next();
    sum += x.empty() || y.empty() ? count_difference(x, y) : victor_purpura(x, y, q);
  }
  return sum;
}

double van_rossum(const SpikeTrain &a, const SpikeTrain &b, double tau, const Observation &observed) {
  if (observed.empty()) return unknown;
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0])) return van_rossum(a, b, tau);
  ByWindow of_a(a, observed), of_b(b, observed);
  double squares = 0;
  for (std::size_t k = 0; k < observed.size(); ++k) squares += std::pow(van_rossum(of_a.next(), of_b.next(), tau), 2);
  return std::sqrt(squares);
}

arma::mat victor_purpura(const std::vector<SpikeTrain> &trains, double q) {
  return each_pair(trains, [q](const SpikeTrain &a, const SpikeTrain &b) { return victor_purpura(a, b, q); });
}

arma::mat van_rossum(const std::vector<SpikeTrain> &trains, double tau) {
  return each_pair(trains, [tau](const SpikeTrain &a, const SpikeTrain &b) { return van_rossum(a, b, tau); });
}

} // namespace engram::measures
