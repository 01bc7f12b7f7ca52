#include "measures/spike_synchrony.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace engram::measures {

namespace {

// A train with its auxiliary spikes: times[0] and times.back().
struct Extended {
  std::vector<double> times;
  bool edge_before = false, edge_after = false; // lie the real spikes inside of the window's edges?
};

Extended extended(const SpikeTrain &train, const Window &window) {
  const SpikeTrain edges{window.start, window.stop};
  const SpikeTrain &t = train.empty() ? edges : train;
  const std::size_t n = t.size();
  Extended out;
  out.times.push_back(n > 1 ? std::min(window.start, t[0] - (t[1] - t[0])) : window.start);
  out.times.insert(out.times.end(), t.begin(), t.end());
  out.times.push_back(n > 1 ? std::max(window.stop, t[n - 1] + (t[n - 1] - t[n - 2])) : window.stop);
  out.edge_before = t.front() > window.start;
  out.edge_after = t.back() < window.stop;
  return out;
}

double nearest(double t, const Extended &other) {
  const auto after = std::lower_bound(other.times.begin(), other.times.end(), t);
  double apart = std::numeric_limits<double>::infinity();
  if (after != other.times.end()) apart = *after - t;
  if (after != other.times.begin()) apart = std::min(apart, t - *(after - 1));
  return apart;
}

// Between two spikes of a train: the interval, and the distances of both from the other train.
struct Segment {
  double before = 0, after = 0; // the spikes
  double from = 0, to = 0;      // of the other train

  double interval() const { return after - before; }
  double distance(double t) const { return (from * (after - t) + to * (t - before)) / interval(); }
};

// The segments that cover the window, in order.
std::vector<Segment> segments(const Extended &train, const Extended &other) {
  const std::size_t last = train.times.size() - 2; // the last real spike
  std::vector<double> apart(train.times.size());
  for (std::size_t k = 1; k <= last; ++k) apart[k] = nearest(train.times[k], other);
  apart.front() = apart[1];
  apart.back() = apart[last];
  std::vector<Segment> out;
  for (std::size_t k = train.edge_before ? 0 : 1; k < (train.edge_after ? last + 1 : last); ++k)
    out.push_back({train.times[k], train.times[k + 1], apart[k], apart[k + 1]});
  return out;
}

// Mean over the window of what f(segment of a, segment of b, begin, end) gives as an integral over each stretch
// between events.
template <class F> double over_window(const SpikeTrain &a, const SpikeTrain &b, const Window &window, F f) {
  require_train(a, window);
  require_train(b, window);
  const Extended ea = extended(a, window), eb = extended(b, window);
  const auto sa = segments(ea, eb), sb = segments(eb, ea);
  double sum = 0, now = window.start;
  for (std::size_t i = 0, j = 0; i < sa.size() && j < sb.size();) {
    const double end = std::min({sa[i].after, sb[j].after, window.stop});
    if (end > now) sum += f(sa[i], sb[j], now, end);
    now = end;
    const double reached_a = sa[i].after, reached_b = sb[j].after;
    if (reached_a <= now) ++i;
    if (reached_b <= now) ++j;
    if (now >= window.stop) break;
  }
  return sum / window.duration();
}

// Half of the shortest interval beside spike k, or `none` where there is no spike beside it.
double half_interval(const SpikeTrain &train, std::size_t k, double none) {
  double least = none;
  if (k > 0) least = std::min(least, (train[k] - train[k - 1]) / 2);
  if (k + 1 < train.size()) least = std::min(least, (train[k + 1] - train[k]) / 2);
  return least;
}

// A partner lies nearer than half of the intervals around it, so that it is the nearest spike on its side, and the
// only. Of spikes at one time, as many have partners as there are on both sides.
Coincidences coincidences_in(const SpikeTrain &a, const SpikeTrain &b, const Window &window, double max_tau) {
  require_train(a, window);
  require_train(b, window);
  if (!(max_tau >= 0)) throw std::invalid_argument("the greatest window of coincidence is negative");
  const double most = std::min(window.duration() / 2, max_tau);
  Coincidences out{0, a.size() + b.size()};
  std::size_t j = 0, earlier = 0; // of a, at the same time
  for (std::size_t i = 0; i < a.size() && !b.empty(); ++i) {
    earlier = i > 0 && a[i] == a[i - 1] ? earlier + 1 : 0;
    while (j + 1 < b.size() && std::abs(b[j + 1] - a[i]) <= std::abs(b[j] - a[i])) ++j;
    const double apart = std::abs(b[j] - a[i]);
    const double tau = std::min(half_interval(a, i, most), half_interval(b, j, most));
    // b[j] is the last of its time.
    if (apart == 0 ? j >= earlier && b[j - earlier] == a[i] : apart < tau) out.coincident += 2;
  }
  return out;
}

void require_pair(const std::vector<SpikeTrain> &trains) {
  if (trains.size() < 2) throw NotApplicable("synchrony of fewer than two spike trains");
}

template <class F> double over_pairs(const std::vector<SpikeTrain> &trains, F f) {
  require_pair(trains);
  double sum = 0;
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (std::size_t j = i + 1; j < trains.size(); ++j) sum += f(trains[i], trains[j]);
  const auto n = static_cast<double>(trains.size());
  return 2 * sum / (n * (n - 1));
}

// Mean over the windows of a distance, by their durations.
template <class Distance>
double over_windows(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, Distance distance) {
  if (observed.empty()) return unknown;
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0])) return distance(a, b, observed[0]);
  const auto of_a = by_window(a, observed), of_b = by_window(b, observed);
  double sum = 0;
  for (std::size_t k = 0; k < observed.size(); ++k)
    sum += distance(of_a[k], of_b[k], observed[k]) * observed[k].duration();
  return sum / duration(observed);
}

} // namespace

double Coincidences::share() const {
  return spikes == 0 ? 1 : static_cast<double>(coincident) / static_cast<double>(spikes);
}

double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window) {
  return over_window(a, b, window, [](const Segment &x, const Segment &y, double begin, double end) {
    return (end - begin) * std::abs(x.interval() - y.interval()) / std::max(x.interval(), y.interval());
  });
}

double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window) {
  return over_window(a, b, window, [](const Segment &x, const Segment &y, double begin, double end) {
    // (S_a ν_b + S_b ν_a) / (2 ⟨ν⟩²) is linear in time between events.
    const double both = x.interval() + y.interval();
    const auto at = [&](double t) {
      return 2 * (x.distance(t) * y.interval() + y.distance(t) * x.interval()) / (both * both);
    };
    return (end - begin) * (at(begin) + at(end)) / 2;
  });
}

double spike_synchronization(const SpikeTrain &a, const SpikeTrain &b, const Window &window, double max_tau) {
  return coincidences_in(a, b, window, max_tau).share();
}

double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed) {
  return over_windows(a, b, observed, [](const SpikeTrain &x, const SpikeTrain &y, const Window &window) {
    return isi_distance(x, y, window);
  });
}

double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed) {
  return over_windows(a, b, observed, [](const SpikeTrain &x, const SpikeTrain &y, const Window &window) {
    return spike_distance(x, y, window);
  });
}

Coincidences coincidences(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, double max_tau) {
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0]))
    return coincidences_in(a, b, observed[0], max_tau);
  const auto of_a = by_window(a, observed), of_b = by_window(b, observed);
  Coincidences all;
  for (std::size_t k = 0; k < observed.size(); ++k) {
    const auto found = coincidences_in(of_a[k], of_b[k], observed[k], max_tau);
    all.coincident += found.coincident;
    all.spikes += found.spikes;
  }
  return all;
}

double spike_synchronization(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, double max_tau) {
  return observed.empty() ? unknown : coincidences(a, b, observed, max_tau).share();
}

double isi_distance(const std::vector<SpikeTrain> &trains, const Window &window) {
  return over_pairs(trains, [&](const SpikeTrain &a, const SpikeTrain &b) { return isi_distance(a, b, window); });
}

double spike_distance(const std::vector<SpikeTrain> &trains, const Window &window) {
  return over_pairs(trains, [&](const SpikeTrain &a, const SpikeTrain &b) { return spike_distance(a, b, window); });
}

double spike_synchronization(const std::vector<SpikeTrain> &trains, const Window &window, double max_tau) {
  require_pair(trains);
  Coincidences all;
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (std::size_t j = i + 1; j < trains.size(); ++j) {
      const auto found = coincidences_in(trains[i], trains[j], window, max_tau);
      all.coincident += found.coincident;
      all.spikes += found.spikes;
    }
  return all.share();
}

double spike_synchronization(const std::vector<SpikeTrain> &trains, const std::vector<Observation> &observed) {
  require_pair(trains);
  if (observed.size() != trains.size()) throw std::invalid_argument("there is not one observation for each train");
  Coincidences all;
  bool together = false;
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (std::size_t j = i + 1; j < trains.size(); ++j) {
      const auto both = common(observed[i], observed[j]);
      const auto found = coincidences(trains[i], trains[j], both);
      together = together || !both.empty();
      all.coincident += found.coincident;
      all.spikes += found.spikes;
    }
  return together ? all.share() : unknown;
}

} // namespace engram::measures
