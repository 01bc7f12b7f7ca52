// A walk between two walls is thrown back at each of them.
#pragma once

#include <algorithm>
#include <cmath>

namespace engram::task {

/// Where a walk that has come to p is between `low` and `high`.
inline double reflected(double p, double low, double high) {
  const double width = high - low;
  if (!(width > 0)) return low;
  double x = std::fmod(p - low, 2 * width);
  if (x < 0) x += 2 * width;
  return std::clamp(low + (x > width ? 2 * width - x : x), low, high);
}

} // namespace engram::task
