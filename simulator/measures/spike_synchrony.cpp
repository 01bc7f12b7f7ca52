#include "measures/spike_synchrony.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace engram::measures {

namespace {

// A train with its auxiliary spikes: times[0] and times.back(). Its memory serves one pair of trains after the other.
struct Extended {
  std::vector<double> times;
  std::size_t first = 0, last = 0; // the intervals that cover the window: from times[first] to times[last]
  std::vector<double> apart;       // of each time: distance from the other train
  std::vector<double> slope;       // of each interval: how fast the distance goes from one of its spikes to the next

  void extend(const SpikeTrain &train, const Window &window) {
    const std::size_t n = train.size();
    times.clear();
    if (n == 0) { // a spike at each edge
      times.insert(times.end(), {window.start, window.start, window.stop, window.stop});
    } else {
      times.push_back(n > 1 ? std::min(window.start, train[0] - (train[1] - train[0])) : window.start);
      times.insert(times.end(), train.begin(), train.end());
      times.push_back(n > 1 ? std::max(window.stop, train[n - 1] + (train[n - 1] - train[n - 2])) : window.stop);
    }
    // Where the first or last spike lies on the edge, the auxiliary one is not needed.
    first = times[1] > window.start ? 0 : 1;
    last = times[times.size() - 2] < window.stop ? times.size() - 1 : times.size() - 2;
  }

  // Both trains are in order, so that the nearest spikes are too.
  void measure(const Extended &other) {
    const std::size_t last_spike = times.size() - 2;
    apart.resize(times.size());
    std::size_t after = 0; // the first of the other train that is no earlier
    for (std::size_t k = 1; k <= last_spike; ++k) {
      while (after < other.times.size() && other.times[after] < times[k]) ++after;
      double nearest = std::numeric_limits<double>::infinity();
      if (after < other.times.size()) nearest = other.times[after] - times[k];
      if (after > 0) nearest = std::min(nearest, times[k] - other.times[after - 1]);
      apart[k] = nearest;
    }
    apart.front() = apart[1];
    apart.back() = apart[last_spike];
    slope.resize(times.size() - 1);
    for (std::size_t k = 0; k < slope.size(); ++k) slope[k] = (apart[k + 1] - apart[k]) / (times[k + 1] - times[k]);
  }

  double interval(std::size_t k) const { return times[k + 1] - times[k]; }
  // At a time in interval k, which holds some.
  double distance(std::size_t k, double t) const { return apart[k] + slope[k] * (t - times[k]); }
};

// The memory that one pair of trains after the other is measured in.
struct Workspace {
  Extended a, b;
  std::vector<double> half_a, half_b;
};

// Mean over the window of what f(interval of a, interval of b, begin, end) gives as an integral over each stretch
// between spikes, whichever train they are of. `a` and `b` are extended.
template <class F> double over_stretches(const Extended &a, const Extended &b, const Window &window, F f) {
  double sum = 0, now = window.start;
  for (std::size_t i = a.first, j = b.first; i < a.last && j < b.last && now < window.stop;) {
    const double next_a = a.times[i + 1], next_b = b.times[j + 1], end = std::min({next_a, next_b, window.stop});
    if (end > now) sum += f(i, j, now, end); // an interval between two spikes at one time holds none
    now = end;
    i += next_a <= now ? 1 : 0;
    j += next_b <= now ? 1 : 0;
  }
  return sum / window.duration();
}

// Of trains that lie in the window.
struct IsiDistance {
  double operator()(const SpikeTrain &x, const SpikeTrain &y, const Window &window, Workspace &in) const {
    in.a.extend(x, window);
    in.b.extend(y, window);
    return over_stretches(in.a, in.b, window, [&](std::size_t i, std::size_t j, double begin, double end) {
      const double of_a = in.a.interval(i), of_b = in.b.interval(j);
      return (end - begin) * std::abs(of_a - of_b) / std::max(of_a, of_b);
    });
  }
};

struct SpikeDistance {
  double operator()(const SpikeTrain &x, const SpikeTrain &y, const Window &window, Workspace &in) const {
    in.a.extend(x, window);
    in.b.extend(y, window);
    in.a.measure(in.b);
    in.b.measure(in.a);
    return over_stretches(in.a, in.b, window, [&](std::size_t i, std::size_t j, double begin, double end) {
      // (S_a ν_b + S_b ν_a) / (2 ⟨ν⟩²) is linear in time between spikes: its mean is that of the middle.
      const double middle = (begin + end) / 2, of_a = in.a.interval(i), of_b = in.b.interval(j), both = of_a + of_b;
      return (end - begin) * 2 * (in.a.distance(i, middle) * of_b + in.b.distance(j, middle) * of_a) / (both * both);
    });
  }
};

// Of each spike half of the shortest interval beside it, or `none` where there is no spike beside it.
void half_intervals(const SpikeTrain &train, double none, std::vector<double> &out) {
  out.assign(train.size(), none);
  for (std::size_t k = 1; k < train.size(); ++k) {
    const double half = (train[k] - train[k - 1]) / 2;
    out[k - 1] = std::min(out[k - 1], half);
    out[k] = std::min(out[k], half);
  }
}

// A partner lies nearer than half of the intervals around it, so that it is the nearest spike on its side, and the
// only. Of spikes at one time, as many have partners as there are on both sides. Trains lie in the window.
Coincidences coincidences_in(const SpikeTrain &a, const SpikeTrain &b, const Window &window, double max_tau,
                             Workspace &in) {
  const double most = std::min(window.duration() / 2, max_tau);
  Coincidences out{0, a.size() + b.size()};
  if (a.empty() || b.empty()) return out;
  half_intervals(a, most, in.half_a);
  half_intervals(b, most, in.half_b);
  std::size_t j = 0, earlier = 0; // of a, at the same time
  for (std::size_t i = 0; i < a.size(); ++i) {
    earlier = i > 0 && a[i] == a[i - 1] ? earlier + 1 : 0;
    while (j + 1 < b.size() && std::abs(b[j + 1] - a[i]) <= std::abs(b[j] - a[i])) ++j;
    const double apart = std::abs(b[j] - a[i]);
    // b[j] is the last of its time.
    if (apart == 0 ? j >= earlier && b[j - earlier] == a[i] : apart < std::min(in.half_a[i], in.half_b[j]))
      out.coincident += 2;
  }
  return out;
}

void require_tau(double max_tau) {
  if (!(max_tau >= 0)) throw std::invalid_argument("the greatest window of coincidence is negative");
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

template <class Distance>
double over_window(const SpikeTrain &a, const SpikeTrain &b, const Window &window, Distance distance) {
  require_train(a, window);
  require_train(b, window);
  Workspace in;
  return distance(a, b, window, in);
}

// Mean over the windows of a distance, by their durations.
template <class Distance>
double over_windows(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, Distance distance) {
  if (observed.empty()) return unknown;
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0]))
    return over_window(a, b, observed[0], distance);
  require_sorted(a);
  require_sorted(b);
  ByWindow of_a(a, observed), of_b(b, observed);
  Workspace in;
  double sum = 0;
  for (const Window &window : observed) {
    require_window(window);
    const SpikeTrain &x = of_a.next(), &y = of_b.next();
    if (!x.empty() || !y.empty()) sum += distance(x, y, window, in) * window.duration(); // silent trains are equal
  }
  return sum / duration(observed);
}

} // namespace

double Coincidences::share() const {
  return spikes == 0 ? 1 : static_cast<double>(coincident) / static_cast<double>(spikes);
}

double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window) {
  return over_window(a, b, window, IsiDistance());
}

double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Window &window) {
  return over_window(a, b, window, SpikeDistance());
}

double spike_synchronization(const SpikeTrain &a, const SpikeTrain &b, const Window &window, double max_tau) {
  require_train(a, window);
  require_train(b, window);
  require_tau(max_tau);
  Workspace in;
  return coincidences_in(a, b, window, max_tau, in).share();
}

double isi_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed) {
  return over_windows(a, b, observed, IsiDistance());
}

double spike_distance(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed) {
  return over_windows(a, b, observed, SpikeDistance());
}

Coincidences coincidences(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, double max_tau) {
  require_tau(max_tau);
  require_sorted(a);
  require_sorted(b);
  Workspace in;
  if (observed.size() == 1 && lies_in(a, observed[0]) && lies_in(b, observed[0])) {
    require_window(observed[0]);
    return coincidences_in(a, b, observed[0], max_tau, in);
  }
  ByWindow of_a(a, observed), of_b(b, observed);
  Coincidences all;
  for (const Window &window : observed) {
    require_window(window);
    const auto found = coincidences_in(of_a.next(), of_b.next(), window, max_tau, in);
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
  for (const SpikeTrain &train : trains) require_train(train, window);
  Coincidences all;
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (std::size_t j = i + 1; j < trains.size(); ++j) {
      const auto found = coincidences(trains[i], trains[j], {window}, max_tau);
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
