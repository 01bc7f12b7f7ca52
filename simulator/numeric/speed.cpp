#include "numeric/speed.hpp"

#include "numeric/matrix.hpp"
#include "numeric/parallel.hpp"
#include "numeric/product.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <memory>

namespace engram::numeric {

namespace {

using Stopwatch = std::chrono::steady_clock;

// The processor's time of this thread, which others on the machine do not add to.
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double elapsed(Stopwatch::time_point start) { return std::chrono::duration<double>(Stopwatch::now() - start).count(); }

// Sums of 32 strands, which the compiler keeps in registers: their order is free, as only the time counts.
double sum_of(const double *x, std::size_t count) {
  double strands[32] = {};
  for (std::size_t k = 0; k + 32 <= count; k += 32)
    for (std::size_t s = 0; s < 32; ++s) strands[s] += x[k + s];
  return *std::max_element(strands, strands + 32);
}

} // namespace

template <class T> double product_rate(std::size_t n, double seconds) {
  Matrix<T> a(n, n), b(n, n), c(n, n);
  a.fill(T(0.5));
  b.fill(T(0.25));
  c.zeros();
  const double begin = thread_seconds();
  double best = std::numeric_limits<double>::infinity();
  do {
    const double start = thread_seconds();
    product(T(1), Block<T>(a), Block<T>(b), T(0), c, 1);
    best = std::min(best, thread_seconds() - start);
  } while (thread_seconds() - begin < seconds);
  const auto size = static_cast<double>(n);
  return 2 * size * size * size / best * 1e-9;
}

double read_rate(int threads, std::size_t bytes) {
  constexpr std::size_t stretch = std::size_t{1} << 17; // numbers to a tile
  const std::size_t tiles = std::max<std::size_t>(1, bytes / sizeof(double) / stretch), count = tiles * stretch;
  const std::unique_ptr<double[]> x(new double[count]);
  std::unique_ptr<double[]> sums(new double[tiles]);
  for_tiles(threads, tiles, [&](std::size_t k) { std::fill_n(x.get() + k * stretch, stretch, 0.5); });
  double best = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < 7; ++pass) {
    const auto start = Stopwatch::now();
    const double started = thread_seconds();
    for_tiles(threads, tiles, [&](std::size_t k) { sums[k] = sum_of(x.get() + k * stretch, stretch); });
    const double seconds = threads > 1 ? elapsed(start) : thread_seconds() - started;
    volatile const double kept = sums[tiles - 1]; // the sums are wanted
    static_cast<void>(kept);
    best = std::min(best, seconds);
  }
  return static_cast<double>(count * sizeof(double)) / best * 1e-9;
}

template double product_rate<float>(std::size_t, double);
template double product_rate<double>(std::size_t, double);

} // namespace engram::numeric
