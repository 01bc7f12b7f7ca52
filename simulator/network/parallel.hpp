// Work cut into tiles. How it is cut never depends on the number of threads, so neither do the results.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_THREAD__)
extern "C" {
void __tsan_acquire(void *);
void __tsan_release(void *);
}
#endif

namespace engram::network {

/// Calls work(0) … work(count − 1), on up to `threads` threads. `work` must not throw.
/// The thread sanitizer cannot see the barriers of the OpenMP runtime: they are told to it here, the one place where
/// threads begin and end.
#if defined(__SANITIZE_THREAD__)
template <class Work>
__attribute__((no_sanitize("thread"), noinline)) void for_tiles(int threads, std::size_t count, Work &&work) {
  static char fork, join;
  __tsan_release(&fork);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t k = 0; k < count; ++k) {
    __tsan_acquire(&fork);
    work(k);
    __tsan_release(&join);
  }
  __tsan_acquire(&join);
}
#else
template <class Work> void for_tiles(int threads, std::size_t count, Work &&work) {
  if (threads < 2 || count < 2) {
    for (std::size_t k = 0; k < count; ++k) work(k);
    return;
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t k = 0; k < count; ++k) work(k);
}
#endif

} // namespace engram::network
