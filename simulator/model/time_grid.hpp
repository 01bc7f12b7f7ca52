// All times of a model are brought onto the grid of its steps by the rules of this file.
//
// A time that is counted in steps (a duration, a delay, a refractory period, …) must be a multiple of the step, or it
// is refused. Times that are drawn for each neuron or synapse go to the nearest step. So does a default that does not
// fit, with a warning. A given spike acts in the step that holds it: at t or later, and before t + h. A time within a
// millionth of a step of a multiple counts as that multiple.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace engram::model {

inline constexpr double grid_tolerance = 1e-6; ///< of a step

/// Steps beyond the end of every trial; larger numbers, which an integer may not hold, are taken for it.
inline constexpr double never_reached = 1e18;

/// Steps nearest to a time that is not negative.
inline std::uint64_t steps_of(double ms, double step) {
  return static_cast<std::uint64_t>(std::llround(std::min(ms / step, never_reached)));
}

/// Is it a multiple of the step?
inline bool on_grid(double ms, double step) {
  const double steps = ms / step;
  return std::abs(steps - std::round(steps)) <= grid_tolerance;
}

/// The step that holds a time which is not negative: [t, t + h).
inline std::uint64_t step_holding(double ms, double step) {
  return static_cast<std::uint64_t>(std::floor(std::min(ms / step + grid_tolerance, never_reached)));
}

/// Which of a region's given spikes (ms, by neuron) come after the end of a trial of `length` ms and so never act: one
/// sentence, or "" where all act.
std::string spikes_outside(const std::vector<std::vector<double>> &times, const std::string &region, double step,
                           double length);

} // namespace engram::model
