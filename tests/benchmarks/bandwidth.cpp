// With one trial at a time, the matrix-vector sweep and the rank-1 update are limited by memory. The goal is 80 % of
// the bandwidth measured beside them. Only bytes of the weights are counted: a sweep reads them once, and an update
// reads and writes them once.
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram::network;
using benchmarks::Shortest;

constexpr std::size_t neurons = 8192, count = neurons * neurons; // 256 MiB of single precision, beyond any cache
constexpr double bytes = sizeof(float) * static_cast<double>(count);

// The loops of STREAM (McCalpin 1995), which counts what the program asks for, without write-allocate.
void read(const float *x, int threads, float &out) {
  float sum = 0;
#pragma omp parallel for simd num_threads(threads) reduction(+ : sum)
  for (std::size_t i = 0; i < count; ++i) sum += x[i];
  out = sum;
}
void scale(float *x, float by, int threads) {
#pragma omp parallel for simd num_threads(threads)
  for (std::size_t i = 0; i < count; ++i) x[i] = by * x[i];
}
void copy(const float *x, float *y, int threads) {
#pragma omp parallel for simd num_threads(threads)
  for (std::size_t i = 0; i < count; ++i) y[i] = x[i];
}
void triad(float *a, const float *b, const float *c, float s, int threads) {
#pragma omp parallel for simd num_threads(threads)
  for (std::size_t i = 0; i < count; ++i) a[i] = b[i] + s * c[i];
}

void one_trial(benchmark::State &state) {
  const int threads = static_cast<int>(state.range(0));
  numeric::use_one_blas_thread();
  numeric::Matrix<float> w(neurons, neurons, arma::fill::ones), b = w, c = w;
  numeric::Matrix<float> x(neurons, 1, arma::fill::randu), y(neurons, 1, arma::fill::zeros);
  Shortest sweep, back, update, reading, scaling, copying, adding;
  float sum = 0;
  for (auto _ : state) {
    state.SetIterationTime(sweep.time([&] { product<float>(1.f, w, x, 0.f, y, threads); }));
    back.time([&] { product<float>(1.f, {w, true}, x, 0.f, y, threads); });
    update.time([&] { product<float>(1e-6f, x, {y, true}, 1.f, w, threads); });
    reading.time([&] { read(w.memptr(), threads, sum); });
    scaling.time([&] { scale(w.memptr(), 0.999f, threads); });
    copying.time([&] { copy(b.memptr(), c.memptr(), threads); });
    adding.time([&] { triad(b.memptr(), w.memptr(), c.memptr(), 0.5f, threads); });
    benchmark::DoNotOptimize(sum);
    benchmark::ClobberMemory();
  }
  const auto rate = [](double moved, const Shortest &s) { return moved / s.seconds() / 1e9; };
  state.counters["read_GB/s"] = rate(bytes, reading);
  state.counters["scale_GB/s"] = rate(2 * bytes, scaling);
  state.counters["copy_GB/s"] = rate(2 * bytes, copying);
  state.counters["triad_GB/s"] = rate(3 * bytes, adding);
  state.counters["sweep_GB/s"] = rate(bytes, sweep);
  state.counters["back_GB/s"] = rate(bytes, back);
  state.counters["update_GB/s"] = rate(2 * bytes, update);
  state.counters["sweep/read_%"] = 100 * reading.seconds() / sweep.seconds();
  state.counters["back/read_%"] = 100 * reading.seconds() / back.seconds();
  state.counters["update/scale_%"] = 100 * scaling.seconds() / update.seconds();
}
BENCHMARK(one_trial)->Arg(1)->Arg(2)->UseManualTime()->Iterations(10)->Unit(benchmark::kMillisecond);

} // namespace
