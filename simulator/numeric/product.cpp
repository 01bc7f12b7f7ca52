#include "numeric/product.hpp"

#include "numeric/parallel.hpp"

#include <cblas.h>

#include <algorithm>
#include <cassert>

namespace engram::numeric {

namespace {

// A tile below this is worth neither a thread's wake-up nor packing the other operand once more (floating-point
// operations, about 100 µs of one core).
constexpr double smallest_tile = 1e7;
constexpr std::size_t most_tiles = 16;
// Matrix-vector products move memory, not operations: tiles of at least this many weights.
constexpr std::size_t smallest_sweep = 1u << 16;
constexpr std::size_t shortest_stretch = 2048;

void gemm(bool ta, bool tb, blasint m, blasint n, blasint k, float alpha, const float *a, blasint lda, const float *b,
          blasint ldb, float beta, float *c, blasint ldc) {
  cblas_sgemm(CblasColMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b,
              ldb, beta, c, ldc);
}
void gemm(bool ta, bool tb, blasint m, blasint n, blasint k, double alpha, const double *a, blasint lda,
          const double *b, blasint ldb, double beta, double *c, blasint ldc) {
  cblas_dgemm(CblasColMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b,
              ldb, beta, c, ldc);
}
void gemv(bool ta, blasint m, blasint n, float alpha, const float *a, blasint lda, const float *x, float beta,
          float *y) {
  cblas_sgemv(CblasColMajor, ta ? CblasTrans : CblasNoTrans, m, n, alpha, a, lda, x, 1, beta, y, 1);
}
void gemv(bool ta, blasint m, blasint n, double alpha, const double *a, blasint lda, const double *x, double beta,
          double *y) {
  cblas_dgemv(CblasColMajor, ta ? CblasTrans : CblasNoTrans, m, n, alpha, a, lda, x, 1, beta, y, 1);
}
void ger(blasint m, blasint n, float alpha, const float *x, const float *y, float *a, blasint lda) {
  cblas_sger(CblasColMajor, m, n, alpha, x, 1, y, 1, a, lda);
}
void ger(blasint m, blasint n, double alpha, const double *x, const double *y, double *a, blasint lda) {
  cblas_dger(CblasColMajor, m, n, alpha, x, 1, y, 1, a, lda);
}

std::size_t power_of_two_below(double x) {
  std::size_t tiles = 1;
  while (static_cast<double>(2 * tiles) <= x && tiles < most_tiles) tiles *= 2;
  return tiles;
}

// [begin, end) of tile k of `tiles` over n, in multiples of 16 (whole registers).
std::pair<std::size_t, std::size_t> cut(std::size_t n, std::size_t tiles, std::size_t k) {
  const std::size_t width = (n / tiles + 15) / 16 * 16;
  return {std::min(n, k * width), k + 1 == tiles ? n : std::min(n, (k + 1) * width)};
}

blasint as_int(std::size_t n) { return static_cast<blasint>(n); }

} // namespace

template <class T> void product(T alpha, const Block<T> &a, const Block<T> &b, T beta, Matrix<T> &c, int threads) {
  const std::size_t m = a.outer_rows(), k = a.outer_columns(), n = b.outer_columns();
  assert(b.outer_rows() == k && c.n_rows == m && c.n_cols == n);
  if (m == 0 || n == 0) return;
  T *out = c.memptr();

  if (n == 1 && b.rows * b.columns == k) { // one trial: y = W x
    std::size_t tiles = power_of_two_below(static_cast<double>(m * k) / static_cast<double>(smallest_sweep));
    // A tile of rows reads a stretch of every column: short stretches defeat the prefetcher.
    if (!a.transposed)
      tiles = std::min(tiles, power_of_two_below(static_cast<double>(std::max<std::size_t>(m / shortest_stretch, 2))));
    for_tiles(threads, tiles, [&](std::size_t tile) {
      const auto [from, to] = cut(m, tiles, tile);
      if (from == to) return;
      const T *part = a.transposed ? a.data + from * a.stride : a.data + from;
      gemv(a.transposed, as_int(a.transposed ? k : to - from), as_int(a.transposed ? to - from : k), alpha, part,
           as_int(a.stride), b.data, beta, out + from);
    });
    return;
  }
  if (k == 1 && beta == T(1)) { // one trial: W += post pre'
    const std::size_t tiles = power_of_two_below(static_cast<double>(m * n) / static_cast<double>(smallest_sweep));
    for_tiles(threads, tiles, [&](std::size_t tile) {
      const auto [from, to] = cut(n, tiles, tile);
      if (from == to) return;
      ger(as_int(m), as_int(to - from), alpha, a.data, b.data + from, out + from * m, as_int(m));
    });
    return;
  }
  const double operations = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  const std::size_t tiles = power_of_two_below(operations / smallest_tile);
  const bool by_rows = m >= n;
  for_tiles(threads, tiles, [&](std::size_t tile) {
    const auto [from, to] = cut(by_rows ? m : n, tiles, tile);
    if (from == to) return;
    const T *pa = a.data, *pb = b.data;
    T *pc = out;
    if (by_rows) {
      pa += a.transposed ? from * a.stride : from;
      pc += from;
    } else {
      pb += b.transposed ? from : from * b.stride;
      pc += from * m;
    }
    gemm(a.transposed, b.transposed, as_int(by_rows ? to - from : m), as_int(by_rows ? n : to - from), as_int(k), alpha,
         pa, as_int(a.stride), pb, as_int(b.stride), beta, pc, as_int(m));
  });
}
template void product(float, const Block<float> &, const Block<float> &, float, Matrix<float> &, int);
template void product(double, const Block<double> &, const Block<double> &, double, Matrix<double> &, int);

void use_one_blas_thread() { openblas_set_num_threads(1); }

} // namespace engram::numeric
