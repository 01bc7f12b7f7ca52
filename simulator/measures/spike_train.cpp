#include "measures/spike_train.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

namespace {

void require_width(double width) {
  if (!(width > 0) || !std::isfinite(width)) throw std::invalid_argument("the width of a bin is not positive");
}

// Of pairs of neighbouring intervals.
struct Neighbours {
  double sum = 0;
  std::size_t pairs = 0;
  double mean() const { return pairs > 0 ? sum / static_cast<double>(pairs) : unknown; }
};

// Adds f((I₂ − I₁) / (I₂ + I₁)) of neighbouring intervals.
template <class F> void add_neighbours(const std::vector<double> &intervals, F f, Neighbours &to) {
  for (std::size_t k = 0; k + 1 < intervals.size(); ++k) {
    const double both = intervals[k + 1] + intervals[k];
    if (both > 0) to.sum += f((intervals[k + 1] - intervals[k]) / both);
    ++to.pairs;
  }
}

double of_cv2(double x) { return 2 * std::abs(x); }
double of_lv(double x) { return 3 * x * x; }

// The pairs of spikes whose lag may lie in a bin: for each spike of `a`, a stretch of `b` that only moves on.
// Of spikes that lie in one window, where windows are given.
Correlogram pairs_by_lag(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width, bool same,
                         const Observation *observed = nullptr) {
  require_sorted(a);
  require_sorted(b);
  require_width(width);
  if (!(max_lag >= 0) || !std::isfinite(max_lag)) throw std::invalid_argument("the greatest lag is negative");
  const auto last = static_cast<long>(std::floor(max_lag / width + 1e-9));
  Correlogram out;
  out.count.assign(static_cast<std::size_t>(2 * last + 1), 0);
  for (long k = -last; k <= last; ++k) out.lag.push_back(static_cast<double>(k) * width);
  const double reach = (static_cast<double>(last) + 1) * width;
  std::vector<std::size_t> window_of_a, window_of_b;
  if (observed) {
    window_of_a = windows_of(a, *observed);
    window_of_b = windows_of(b, *observed);
  }
  std::size_t first = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (observed && window_of_a[i] == observed->size()) continue;
    while (first < b.size() && b[first] < a[i] - reach) ++first;
    for (std::size_t j = first; j < b.size() && b[j] <= a[i] + reach; ++j) {
      if (same && i == j) continue;
      if (observed && window_of_a[i] != window_of_b[j]) continue;
      const long k = std::lround((b[j] - a[i]) / width);
      if (std::abs(k) <= last) ++out.count[static_cast<std::size_t>(k + last)];
    }
  }
  return out;
}

constexpr double most_bins = 1e15; // beyond it a double does not count by ones

// A window that is a whole number of bins but for rounding is taken as that.
double bins_within(const Window &window, double width) {
  return std::floor(window.duration() / width * (1 + 1e-12) + 1e-9);
}

double whole_bins(const Window &window, double width) {
  require_window(window);
  require_width(width);
  const double count = bins_within(window, width);
  if (count < 1) throw NotApplicable("the window is shorter than a bin");
  return count;
}

// Calls take(k) with the bin k of each spike: the last takes spikes at the end of the window too, where bins fill it.
template <class Take>
void for_bins_of(const SpikeTrain &train, const Window &window, double width, double bins, Take &&take) {
  const auto edge = [&](double k) { return window.start + k * width; };
  const bool filled = edge(bins) >= window.stop - 1e-9 * width;
  for (const double t : train) {
    double k = std::floor((t - window.start) / width);
    if (t < edge(k)) k -= 1;
    if (t >= edge(k + 1)) k += 1;
    if (k >= bins && !filled) return;
    take(std::min(k, bins - 1));
  }
}

// Counts of bins. Bins without a spike are not listed: one stray time of a recording makes a window of 10⁹ of them.
struct SparseCounts {
  double bins = 0, sum = 0;
  std::vector<std::size_t> counts; // of the bins with spikes
};

void add_counts(const SpikeTrain &train, const Window &window, double width, double bins, SparseCounts &to) {
  if (bins < 1) return;
  double last = -1;
  for_bins_of(train, window, width, bins, [&](double k) {
    if (k != last) to.counts.push_back(0);
    ++to.counts.back();
    last = k;
    to.sum += 1;
  });
  to.bins += bins;
}

double fano_of(const SparseCounts &of) {
  if (of.bins < 2 || !(of.sum > 0)) return unknown;
  const double mean = of.sum / of.bins;
  double squares = (of.bins - static_cast<double>(of.counts.size())) * mean * mean;
  for (const std::size_t c : of.counts) squares += std::pow(static_cast<double>(c) - mean, 2);
  return squares / (of.bins - 1) / mean;
}

} // namespace

void require_sorted(const SpikeTrain &train) {
  // One loop without a way out, which is computed several times at once. A number that is none is in no order.
  bool sound = train.empty() || (std::isfinite(train.front()) && std::isfinite(train.back()));
  for (std::size_t k = 1; k < train.size(); ++k) sound &= train[k - 1] <= train[k];
  if (sound) return;
  if (!std::all_of(train.begin(), train.end(), [](double t) { return std::isfinite(t); }))
    throw NotApplicable("a spike time is not a finite number");
  if (!std::is_sorted(train.begin(), train.end())) throw NotApplicable("spike times are not sorted");
}

void require_window(const Window &window) {
  if (!std::isfinite(window.start) || !std::isfinite(window.stop) || !(window.start < window.stop))
    throw NotApplicable("the window of a spike train is empty");
}

void require_train(const SpikeTrain &train, const Window &window) {
  require_window(window);
  require_sorted(train);
  if (!train.empty() && (train.front() < window.start || train.back() > window.stop))
    throw NotApplicable("a spike lies outside the window");
}

double rate(const SpikeTrain &train, const Window &window) {
  require_train(train, window);
  return 1000 * static_cast<double>(train.size()) / window.duration();
}

std::vector<double> intervals(const SpikeTrain &train) {
  require_sorted(train);
  std::vector<double> out;
  for (std::size_t k = 1; k < train.size(); ++k) out.push_back(train[k] - train[k - 1]);
  return out;
}

double mean_interval(const std::vector<double> &intervals) {
  if (intervals.empty()) return unknown;
  double sum = 0;
  for (const double interval : intervals) sum += interval;
  return sum / static_cast<double>(intervals.size());
}

double cv(const std::vector<double> &intervals) {
  if (intervals.size() < 2) return unknown;
  const double middle = mean_interval(intervals);
  double squares = 0;
  for (const double interval : intervals) squares += (interval - middle) * (interval - middle);
  return std::sqrt(squares / static_cast<double>(intervals.size())) / middle;
}

double cv2(const std::vector<double> &intervals) {
  Neighbours all;
  add_neighbours(intervals, of_cv2, all);
  return all.mean();
}

double lv(const std::vector<double> &intervals) {
  Neighbours all;
  add_neighbours(intervals, of_lv, all);
  return all.mean();
}

std::size_t bin_count(const Window &window, double width) {
  const double bins = whole_bins(window, width);
  if (bins > most_bins) throw NotApplicable("the window has too many bins");
  return static_cast<std::size_t>(bins);
}

std::vector<std::size_t> binned_counts(const SpikeTrain &train, const Window &window, double width) {
  require_train(train, window);
  std::vector<std::size_t> counts(bin_count(window, width), 0);
  for_bins_of(train, window, width, static_cast<double>(counts.size()),
              [&](double k) { ++counts[static_cast<std::size_t>(k)]; });
  return counts;
}

double fano_factor(const std::vector<std::size_t> &counts) {
  if (counts.size() < 2) return unknown;
  const auto n = static_cast<double>(counts.size());
  double sum = 0, squares = 0;
  for (const std::size_t c : counts) sum += static_cast<double>(c);
  for (const std::size_t c : counts) squares += std::pow(static_cast<double>(c) - sum / n, 2);
  return sum > 0 ? squares / (n - 1) / (sum / n) : unknown;
}

double fano_factor(const std::vector<SpikeTrain> &trials, const Window &window) {
  std::vector<std::size_t> counts;
  for (const auto &train : trials) {
    require_train(train, window);
    counts.push_back(train.size());
  }
  return fano_factor(counts);
}

double fano_factor(const SpikeTrain &train, const Window &window, double width) {
  require_train(train, window);
  SparseCounts counts;
  add_counts(train, window, width, whole_bins(window, width), counts);
  return fano_of(counts);
}

TrainStatistics train_statistics(const SpikeTrain &train, const Observation &observed, double fano_width) {
  require_sorted(train);
  require_width(fano_width);
  for (const Window &window : observed) require_window(window);
  const double observed_for = duration(observed);
  if (!(observed_for > 0)) throw NotApplicable("a spike train was observed for no time");
  const auto parts = by_window(train, observed);
  std::vector<double> all;
  Neighbours cv2, lv;
  SparseCounts counts;
  std::size_t spikes = 0;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const auto between = intervals(parts[k]);
    all.insert(all.end(), between.begin(), between.end());
    add_neighbours(between, of_cv2, cv2);
    add_neighbours(between, of_lv, lv);
    add_counts(parts[k], observed[k], fano_width, bins_within(observed[k], fano_width), counts);
    spikes += parts[k].size();
  }
  if (spikes != train.size()) throw NotApplicable("a spike lies outside of what was observed");
  return {1000 * static_cast<double>(spikes) / observed_for,
          measures::mean_interval(all),
          cv(all),
          cv2.mean(),
          lv.mean(),
          fano_of(counts)};
}

std::vector<double> psth(const std::vector<SpikeTrain> &trials, const Window &window, double width) {
  if (trials.empty()) throw NotApplicable("a histogram over no trials");
  std::vector<double> out(bin_count(window, width), 0);
  for (const auto &train : trials) {
    const auto counts = binned_counts(train, window, width);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] += static_cast<double>(counts[k]);
  }
  for (double &hertz : out) hertz *= 1000 / (width * static_cast<double>(trials.size()));
  return out;
}

Correlogram cross_correlogram(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width) {
  return pairs_by_lag(a, b, max_lag, width, false);
}

Correlogram autocorrelogram(const SpikeTrain &train, double max_lag, double width) {
  return pairs_by_lag(train, train, max_lag, width, true);
}

Correlogram cross_correlogram(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width,
                              const Observation &observed) {
  return pairs_by_lag(a, b, max_lag, width, false, &observed);
}

Correlogram autocorrelogram(const SpikeTrain &train, double max_lag, double width, const Observation &observed) {
  return pairs_by_lag(train, train, max_lag, width, true, &observed);
}

} // namespace engram::measures
