// summit() places a peak between the bins of a map.
#pragma once

#include <algorithm>

namespace engram::measures {

/// Where the parabola through three values at −1, 0, 1 has its peak, within −1/2 … 1/2; 0 where it has none, as beside
/// a NaN.
inline double summit(double before, double at, double after) {
  const double bend = before - 2 * at + after;
  return bend < 0 ? std::clamp((before - after) / (2 * bend), -0.5, 0.5) : 0;
}

} // namespace engram::measures
