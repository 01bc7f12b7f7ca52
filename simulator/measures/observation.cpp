#include "measures/observation.hpp"

#include <algorithm>
#include <cmath>

namespace engram::measures {

namespace {

// The first window that ends after this time.
Observation::const_iterator first_after(const Observation &observed, double time) {
  return std::upper_bound(observed.begin(), observed.end(), time,
                          [](double t, const Window &window) { return t < window.stop; });
}

} // namespace

Observation joined(std::vector<Window> windows) {
  std::erase_if(windows, [](const Window &w) { return !(w.start < w.stop); });
  std::sort(windows.begin(), windows.end(), [](const Window &a, const Window &b) { return a.start < b.start; });
  Observation out;
  for (const Window &window : windows) {
    if (!out.empty() && window.start <= out.back().stop + rounding)
      out.back().stop = std::max(out.back().stop, window.stop);
    else
      out.push_back(window);
  }
  return out;
}

Observation common(const Observation &a, const Observation &b) {
  Observation out;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    const double start = std::max(x->start, y->start), stop = std::min(x->stop, y->stop);
    if (start < stop) out.push_back({start, stop});
    (x->stop < y->stop ? x : y)++;
  }
  return out;
}

Observation cut_at(const Observation &observed, const std::vector<double> &borders) {
  Observation out;
  for (Window rest : observed) {
    for (auto border = std::upper_bound(borders.begin(), borders.end(), rest.start + rounding);
         border != borders.end() && *border < rest.stop - rounding; ++border) {
      if (*border <= rest.start + rounding) continue; // stands there twice
      out.push_back({rest.start, *border});
      rest.start = *border;
    }
    out.push_back(rest);
  }
  return out;
}

Observation shifted(const Observation &observed, double by) {
  Observation out = observed;
  for (Window &window : out) {
    window.start += by;
    window.stop += by;
  }
  return out;
}

double duration(const Observation &observed) {
  double sum = 0;
  for (const Window &window : observed) sum += window.duration();
  return sum;
}

bool covers(const Observation &observed, const Window &window, double slack) {
  double reached = window.start;
  for (auto w = first_after(observed, window.start); w != observed.end() && w->start <= reached + slack; ++w)
    reached = w->stop;
  return reached >= window.stop - slack;
}

Window seen_part(const Observation &observed, const Window &window) {
  const auto first = first_after(observed, window.start);
  Window out{window.start, window.start};
  if (first == observed.end() || first->start >= window.stop) return out;
  out.start = std::max(first->start, window.start);
  for (auto w = first; w != observed.end() && w->start < window.stop; ++w) out.stop = std::min(w->stop, window.stop);
  return out;
}

std::vector<std::size_t> windows_of(const SpikeTrain &train, const Observation &observed) {
  std::vector<std::size_t> out;
  out.reserve(train.size());
  std::size_t k = 0;
  for (const double t : train) {
    // Of two windows that touch at t the later; a spike at the end of a window lies in it where no other begins there.
    while (k < observed.size() &&
           (observed[k].stop + rounding < t || (k + 1 < observed.size() && observed[k + 1].start <= t + rounding)))
      ++k;
    out.push_back(k < observed.size() && observed[k].start <= t + rounding ? k : observed.size());
  }
  return out;
}

bool lies_in(const SpikeTrain &train, const Window &window) {
  return train.empty() || (train.front() >= window.start && train.back() <= window.stop);
}

const SpikeTrain &ByWindow::next() {
  const Window &window = observed_.at(window_++);
  const double next =
      window_ < observed_.size() ? observed_[window_].start - rounding : std::numeric_limits<double>::infinity();
  while (first_ != end_ && *first_ < window.start - rounding) ++first_;
  auto last = first_;
  while (last != end_ && *last <= window.stop + rounding && *last < next) ++last;
  spikes_.assign(first_, last);
  for (auto t = spikes_.begin(); t != spikes_.end() && *t < window.start; ++t) *t = window.start;
  for (auto t = spikes_.rbegin(); t != spikes_.rend() && *t > window.stop; ++t) *t = window.stop;
  first_ = last;
  return spikes_;
}

std::vector<SpikeTrain> by_window(const SpikeTrain &train, const Observation &observed) {
  std::vector<SpikeTrain> out;
  out.reserve(observed.size());
  ByWindow parts(train, observed);
  for (std::size_t k = 0; k < observed.size(); ++k) out.push_back(parts.next());
  return out;
}

} // namespace engram::measures
