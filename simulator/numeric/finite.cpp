#include "numeric/finite.hpp"

#include <cmath>

namespace engram::numeric {

template <class T> bool all_finite(const T *x, std::size_t count) {
  T sum = 0; // x · 0 is 0 unless x is infinite or not a number
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < count; ++k) sum += x[k] * T(0);
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
