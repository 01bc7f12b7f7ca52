// solve_by_pivots() solves a small linear system: that of Newton's method for a steady state.
#ifndef ENGRAM_NEURON_PIVOTS_HPP
#define ENGRAM_NEURON_PIVOTS_HPP

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace engram::neurons {

/// Solves A x = b, with partial pivoting: at(r, c) is a reference to entry c of row r, of K rows; the first K columns
/// are A, the last is b. What stands there is not kept. Errors: std::runtime_error where there is no solution.
template <class At, class X> inline void solve_by_pivots(std::size_t K, At at, X &x) {
  using T = std::remove_reference_t<decltype(at(0, 0))>;
  for (std::size_t c = 0; c < K; ++c) {
    std::size_t best = c;
    for (std::size_t r = c + 1; r < K; ++r)
      if (std::abs(at(r, c)) > std::abs(at(best, c))) best = r;
    for (std::size_t j = 0; j <= K; ++j) std::swap(at(c, j), at(best, j));
    if (!(std::abs(at(c, c)) > T(0))) throw std::runtime_error("its steady state is not one point");
    for (std::size_t r = c + 1; r < K; ++r) {
      const T factor = at(r, c) / at(c, c);
      for (std::size_t j = c; j <= K; ++j) at(r, j) -= factor * at(c, j);
    }
  }
  for (std::size_t c = K; c-- > 0;) {
    T sum = at(c, K);
    for (std::size_t j = c + 1; j < K; ++j) sum -= at(c, j) * x[j];
    x[c] = sum / at(c, c);
  }
}

} // namespace engram::neurons

#endif
