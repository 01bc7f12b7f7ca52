// The simulator stores signals and weights in this type of matrix.
#pragma once

// Armadillo's own OpenMP loops are switched off: parallel work is cut into tiles by numeric/parallel.hpp, so that
// results do not depend on the number of threads.
#ifndef ARMA_DONT_USE_OPENMP
#define ARMA_DONT_USE_OPENMP
#endif
#include <armadillo>

#include <algorithm>

namespace engram::numeric {

template <class T> using Matrix = arma::Mat<T>; ///< column-major
template <class T> using Vector = arma::Col<T>;

/// Is every value zero? Ends at the first that is not, so that asking costs nothing where products follow.
template <class T> bool is_zero(const Matrix<T> &m) {
  return std::all_of(m.begin(), m.end(), [](T x) { return x == T(0); });
}

} // namespace engram::numeric
