// The matrix that everything is made of.
#pragma once

// Armadillo's own OpenMP loops are switched off: parallel work is cut into tiles by network/parallel.hpp, so that
// results do not depend on the number of threads.
#ifndef ARMA_DONT_USE_OPENMP
#define ARMA_DONT_USE_OPENMP
#endif
#include <armadillo>

namespace engram::network {

template <class T> using Matrix = arma::Mat<T>; ///< column-major
template <class T> using Vector = arma::Col<T>;

} // namespace engram::network
