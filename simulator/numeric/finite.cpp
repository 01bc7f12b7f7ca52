#include "numeric/finite.hpp"

#include <cmath>

namespace engram::numeric {

template <class T> bool all_finite(const T *x, std::size_t count) {
  // x · 0 is 0 unless x is infinite or not a number. Sums stand side by side, as one alone waits for itself.
  constexpr std::size_t together = 256 / sizeof(T);
  T sums[together] = {};
  std::size_t k = 0;
  for (; k + together <= count; k += together)
#pragma omp simd
    for (std::size_t j = 0; j < together; ++j) sums[j] += x[k + j] * T(0);
  for (; k < count; ++k) sums[0] += x[k] * T(0);
  T sum = 0;
  for (const T one : sums) sum += one;
  return sum == T(0);
}

template <class T> std::size_t first_not_finite(const T *x, std::size_t count) {
  if (all_finite(x, count)) return count;
  std::size_t k = 0;
  while (k < count && std::isfinite(x[k])) ++k;
  return k;
}

template bool all_finite(const float *, std::size_t);
template bool all_finite(const double *, std::size_t);
template std::size_t first_not_finite(const float *, std::size_t);
template std::size_t first_not_finite(const double *, std::size_t);

} // namespace engram::numeric
