// An Observation says when a spike train was watched. Nothing is known of the time between its windows: that is no
// silence, and no interval between spikes runs across it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace engram::measures {

/// Spike times in ms, sorted. Two spikes at one time are two spikes.
using SpikeTrain = std::vector<double>;

/// A time in which a train was observed, in ms. Spikes lie in [start, stop].
struct Window {
  double start = 0, stop = 0;
  double duration() const { return stop - start; }
};

/// Windows in order of time that do not overlap. Those that touch stay apart: trials that follow each other are
/// independent.
using Observation = std::vector<Window>;

/// Two times that are nearer than this (ms) are one: they differ by rounding.
inline constexpr double rounding = 1e-6;

/// The same of times as large as this one, which a double holds less exactly: of a clock that began in 1970.
inline double rounding_at(double time) {
  return std::max(rounding, 8 * std::numeric_limits<double>::epsilon() * std::abs(time));
}

/// Of windows in any order, those that overlap or touch joined. Windows without a duration are left out.
Observation joined(std::vector<Window> windows);
/// The time that is in both, with the borders of both.
Observation common(const Observation &a, const Observation &b);
/// The same time with borders at these times (sorted, ms) too.
Observation cut_at(const Observation &observed, const std::vector<double> &borders);
/// Moved by `by` ms.
Observation shifted(const Observation &observed, double by);
/// ms, of all windows together.
double duration(const Observation &observed);
/// Is all of the window observed, but for `slack` ms at its ends and between windows? Windows that touch make one here.
bool covers(const Observation &observed, const Window &window, double slack = rounding);
/// From the first to the last time of `window` that was observed; of no duration where there is none.
Window seen_part(const Observation &observed, const Window &window);

/// The window that each spike lies in, a number below observed.size(); observed.size() for a spike outside of all. A
/// spike on a border, or nearer to it than rounding, lies in the window that begins there.
std::vector<std::size_t> windows_of(const SpikeTrain &train, const Observation &observed);
/// Does every spike lie in the window?
bool lies_in(const SpikeTrain &train, const Window &window);
/// The spikes of each window; one that lies outside by rounding is moved to the border.
std::vector<SpikeTrain> by_window(const SpikeTrain &train, const Observation &observed);

/// The same, one window after the other, in the memory of one: of thousands of short windows.
class ByWindow {
public:
  /// Both have to outlive it.
  ByWindow(const SpikeTrain &train, const Observation &observed)
      : observed_(observed), first_(train.begin()), end_(train.end()) {}
  /// The spikes of the next window, until the next call. No more calls than there are windows.
  const SpikeTrain &next();

private:
  const Observation &observed_;
  SpikeTrain::const_iterator first_, end_;
  std::size_t window_ = 0;
  SpikeTrain spikes_;
};

} // namespace engram::measures
