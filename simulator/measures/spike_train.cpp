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

// Mean over neighbouring intervals of f((I₂ − I₁) / (I₂ + I₁)).
template <class F> double over_neighbours(const std::vector<double> &intervals, F f) {
  if (intervals.size() < 2) return unknown;
  double sum = 0;
  for (std::size_t k = 0; k + 1 < intervals.size(); ++k) {
    const double both = intervals[k + 1] + intervals[k];
    if (both > 0) sum += f((intervals[k + 1] - intervals[k]) / both);
  }
  return sum / static_cast<double>(intervals.size() - 1);
}

// The pairs of spikes whose lag may lie in a bin: for each spike of `a`, a stretch of `b` that only moves on.
Correlogram pairs_by_lag(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width, bool same) {
  require_sorted(a);
  require_sorted(b);
  require_width(width);
  if (!(max_lag >= 0) || !std::isfinite(max_lag)) throw std::invalid_argument("the greatest lag is negative");
  const auto last = static_cast<long>(std::floor(max_lag / width + 1e-9));
  Correlogram out;
  out.count.assign(static_cast<std::size_t>(2 * last + 1), 0);
  for (long k = -last; k <= last; ++k) out.lag.push_back(static_cast<double>(k) * width);
  const double reach = (static_cast<double>(last) + 1) * width;
  std::size_t first = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    while (first < b.size() && b[first] < a[i] - reach) ++first;
    for (std::size_t j = first; j < b.size() && b[j] <= a[i] + reach; ++j) {
      if (same && i == j) continue;
      const long k = std::lround((b[j] - a[i]) / width);
      if (std::abs(k) <= last) ++out.count[static_cast<std::size_t>(k + last)];
    }
  }
  return out;
}

constexpr double most_bins = 1e15; // beyond it a double does not count by ones

double whole_bins(const Window &window, double width) {
  require_window(window);
  require_width(width);
  // A window that is a whole number of bins but for rounding is taken as that.
  const double count = std::floor(window.duration() / width * (1 + 1e-12) + 1e-9);
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

} // namespace

void require_sorted(const SpikeTrain &train) {
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
  return over_neighbours(intervals, [](double x) { return 2 * std::abs(x); });
}

double lv(const std::vector<double> &intervals) {
  return over_neighbours(intervals, [](double x) { return 3 * x * x; });
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

// Bins without a spike are not listed: one stray time of a recording makes a window of 10⁹ of them.
double fano_factor(const SpikeTrain &train, const Window &window, double width) {
  require_train(train, window);
  const double bins = whole_bins(window, width);
  if (bins < 2) return unknown;
  std::vector<std::size_t> counts; // of the bins with spikes
  double last = -1, sum = 0;
  for_bins_of(train, window, width, bins, [&](double k) {
    if (k != last) counts.push_back(0);
    ++counts.back();
    last = k;
    sum += 1;
  });
  const double mean = sum / bins;
  double squares = (bins - static_cast<double>(counts.size())) * mean * mean;
  for (const std::size_t c : counts) squares += std::pow(static_cast<double>(c) - mean, 2);
  return sum > 0 ? squares / (bins - 1) / mean : unknown;
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

} // namespace engram::measures
