// for_tiles() shares work that is cut into tiles among threads. The cut never depends on the number of threads, so the
// results do not either.
#pragma once

#include "numeric/flush_denormals.hpp"

#include <cstddef>

#if defined(__SANITIZE_THREAD__)
extern "C" {
void __tsan_acquire(void *);
void __tsan_release(void *);
}
#endif

namespace engram::numeric {

/// Calls work(0) … work(count − 1), on up to `threads` threads. `work` must not throw. Each thread treats denormals as
/// the calling one does, so that results do not depend on how many there are, and is left as it was found: the threads
/// are those of the OpenMP runtime, which the rest of the program shares.
/// The thread sanitizer cannot see the barriers of the OpenMP runtime: they are told to it here, the one place where
/// threads begin and end.
#if defined(__SANITIZE_THREAD__)
template <class Work>
__attribute__((no_sanitize("thread"), noinline)) void for_tiles(int threads, std::size_t count, Work &&work) {
  static char fork, join;
  const auto mode = DenormalMode::here();
  __tsan_release(&fork);
#pragma omp parallel num_threads(threads)
  {
    const DenormalMode same(mode);
#pragma omp for schedule(dynamic, 1)
    for (std::size_t k = 0; k < count; ++k) {
      __tsan_acquire(&fork);
      work(k);
      __tsan_release(&join);
    }
  }
  __tsan_acquire(&join);
}
#else
/// for_tiles() among several threads. A function of its own: where a function has a parallel region, clang calls the
/// OpenMP runtime as soon as it is entered.
template <class Work> __attribute__((noinline)) void share_tiles(int threads, std::size_t count, Work &work) {
  const auto mode = DenormalMode::here();
#pragma omp parallel num_threads(threads)
  {
    const DenormalMode same(mode);
#pragma omp for schedule(dynamic, 1)
    for (std::size_t k = 0; k < count; ++k) work(k);
  }
}

/// One thread does without the OpenMP runtime, which in clang's case makes a file in /dev/shm as it starts.
template <class Work> void for_tiles(int threads, std::size_t count, Work &&work) {
  if (threads < 2 || count < 2)
    for (std::size_t k = 0; k < count; ++k) work(k);
  else
    share_tiles(threads, count, work);
}
#endif

} // namespace engram::numeric
