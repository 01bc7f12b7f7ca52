#include "measures/gram.hpp"

#include "numeric/parallel.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

// Wide enough for BLAS to run at its full rate, narrow enough to share 1000 conditions between threads.
constexpr std::size_t tile_rows = 512;
// Columns that are centred at a time stay in the cache until they are multiplied, and need no memory of the size of X.
constexpr std::size_t stretch_elements = std::size_t{1} << 19, shortest_stretch = 256, longest_stretch = 4096;
constexpr std::size_t piece_columns = 64;

std::size_t parts(std::size_t n, std::size_t most) { return (n + most - 1) / most; }

// [first, last) of part k, all about equal.
std::pair<std::size_t, std::size_t> part(std::size_t n, std::size_t count, std::size_t k) {
  return {n * k / count, n * (k + 1) / count};
}

double mean_of_numbers(const double *x, std::size_t count) {
  double sum = 0, numbers = 0;
  for (std::size_t k = 0; k < count; ++k)
    if (!std::isnan(x[k])) {
      sum += x[k];
      ++numbers;
    }
  return numbers > 0 ? sum / numbers : 0;
}

double mean_of(const double *x, std::size_t count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < count; ++k) sum += x[k];
  return std::isnan(sum) ? mean_of_numbers(x, count) : sum / static_cast<double>(count);
}

// A row's mean is its first entry plus the mean distance to it, so that the row of a constant is exactly 0.
struct RowMeans {
  arma::vec origin, rest;
};

RowMeans row_means(const arma::mat &X, int threads) {
  RowMeans mean{X.col(0), arma::vec(X.n_rows, arma::fill::zeros)};
  const std::size_t bands = parts(X.n_rows, tile_rows);
  numeric::for_tiles(threads, bands, [&](std::size_t band) {
    const auto rows = part(X.n_rows, bands, band);
    const std::size_t first = rows.first, last = rows.second; // Clang's OpenMP takes no structured binding
    const double *origin = mean.origin.memptr();
    double *sum = mean.rest.memptr();
    for (std::size_t column = 0; column < X.n_cols; ++column) {
      const double *x = X.colptr(column);
#pragma omp simd
      for (std::size_t row = first; row < last; ++row) sum[row] += x[row] - origin[row];
    }
  });
  mean.rest /= static_cast<double>(X.n_cols);
  return mean;
}

void centre_column(const double *x, double *out, std::size_t rows, Centring centring, const RowMeans &mean) {
  if (centring == Centring::rows) {
    const double *origin = mean.origin.memptr(), *rest = mean.rest.memptr();
#pragma omp simd
    for (std::size_t row = 0; row < rows; ++row) out[row] = (x[row] - origin[row]) - rest[row];
  } else {
    const double m = centring == Centring::columns ? mean_of(x, rows) : 0;
#pragma omp simd
    for (std::size_t row = 0; row < rows; ++row) out[row] = x[row] - m;
  }
}

blasint as_int(std::size_t n) { return static_cast<blasint>(n); }

// Lower triangle of G += S Sᵀ, or = where it is the first.
void add_product(const arma::mat &S, std::size_t columns, bool first, arma::mat &G, int threads) {
  const std::size_t rows = S.n_rows, bands = parts(rows, tile_rows);
  std::vector<std::pair<std::size_t, std::size_t>> tiles; // the longest first
  for (std::size_t i = 0; i < bands; ++i)
    for (std::size_t j = 0; j < i; ++j) tiles.emplace_back(i, j);
  for (std::size_t i = 0; i < bands; ++i) tiles.emplace_back(i, i);
  const blasint stride = as_int(rows), depth = as_int(columns);
  const double keep = first ? 0 : 1;
  numeric::for_tiles(threads, tiles.size(), [&](std::size_t tile) {
    const auto [top, bottom] = part(rows, bands, tiles[tile].first);
    const auto [left, right] = part(rows, bands, tiles[tile].second);
    const double *a = S.memptr() + top, *b = S.memptr() + left;
    double *g = G.colptr(left) + top;
    if (top == left)
      cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, as_int(bottom - top), depth, 1, a, stride, keep, g, stride);
    else
      cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, as_int(bottom - top), as_int(right - left), depth, 1, a,
                  stride, b, stride, keep, g, stride);
  });
}

// Upper triangle from the lower one, in blocks of which both sides stay in the cache.
void mirror(arma::mat &G) {
  constexpr std::size_t block = 32;
  const std::size_t n = G.n_rows;
  for (std::size_t left = 0; left < n; left += block)
    for (std::size_t top = left; top < n; top += block)
      for (std::size_t i = top; i < std::min(n, top + block); ++i)
        for (std::size_t j = left; j < std::min(i, left + block); ++j) G.at(j, i) = G.at(i, j);
}

} // namespace

arma::mat gram(const arma::mat &X, Centring centring, int threads) {
  const std::size_t rows = X.n_rows, columns = X.n_cols;
  if (rows == 0 || columns == 0) return arma::mat(rows, rows, arma::fill::zeros);
  const RowMeans mean = centring == Centring::rows ? row_means(X, threads) : RowMeans{};
  const std::size_t longest = std::clamp(stretch_elements / rows, shortest_stretch, longest_stretch);
  const std::size_t stretches = parts(columns, longest);
  arma::mat G(rows, rows), S(rows, parts(columns, stretches));
  for (std::size_t stretch = 0; stretch < stretches; ++stretch) {
    const auto [first, last] = part(columns, stretches, stretch);
    const std::size_t begin = first, width = last - first, pieces = parts(width, piece_columns);
    numeric::for_tiles(threads, pieces, [&](std::size_t piece) {
      const auto [from, to] = part(width, pieces, piece);
      for (std::size_t k = from; k < to; ++k) centre_column(X.colptr(begin + k), S.colptr(k), rows, centring, mean);
    });
    add_product(S, width, stretch == 0, G, threads);
  }
  mirror(G);
  return G;
}

arma::mat less_mean_row(const arma::mat &X) {
  arma::mat out(arma::size(X));
  for (std::size_t k = 0; k < X.n_cols; ++k) centre_column(X.colptr(k), out.colptr(k), X.n_rows, Centring::columns, {});
  return out;
}

} // namespace engram::measures
