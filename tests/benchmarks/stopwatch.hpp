// Times that are compared with one another are taken in turns, and the shortest of each counts, because other work of
// the machine can only lengthen them.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace benchmarks {

class Shortest {
public:
  /// Runs f once; returns its seconds.
  template <class F> double time(F &&f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    seconds_ = std::min(seconds_, passed);
    return passed;
  }
  double seconds() const { return seconds_; }

private:
  double seconds_ = std::numeric_limits<double>::infinity();
};

} // namespace benchmarks
