// These functions measure how fast this machine multiplies and moves memory, for `engram doctor`.
#pragma once

#include <cstddef>

namespace engram::numeric {

/// GFLOP/s of products of two N × N matrices by one thread: the best of those done within about `seconds`, by the
/// processor's time of the thread: what else runs on the machine counts little.
template <class T> double product_rate(std::size_t n = 512, double seconds = 0.25);

/// GB/s at which `threads` threads read an array of `bytes` (the sum of its numbers), the best of some passes.
double read_rate(int threads, std::size_t bytes = std::size_t{256} << 20);

} // namespace engram::numeric
