// map() applies a function to each element of a matrix, in a loop that the compiler turns into vector code. A file that
// maps exp, tanh and so on includes dynamics/vector_math.hpp first.
#pragma once

#include "numeric/matrix.hpp"

namespace engram::dynamics {

/// out[i] = f(in[i])
template <class T, class F> void map(const numeric::Matrix<T> &in, numeric::Matrix<T> &out, F f) {
  const T *x = in.memptr();
  T *y = out.memptr();
  const std::size_t count = in.n_elem;
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) y[i] = f(x[i]);
}

/// du[i] += f(u[i], rate[i], drate[i])
template <class T, class F>
void add_slopes(const numeric::Matrix<T> &u, const numeric::Matrix<T> &rate, const numeric::Matrix<T> &drate,
                numeric::Matrix<T> &du, F f) {
  const T *x = u.memptr(), *r = rate.memptr(), *dr = drate.memptr();
  T *out = du.memptr();
  const std::size_t count = u.n_elem;
  for (std::size_t i = 0; i < count; ++i) out[i] += f(x[i], r[i], dr[i]);
}

} // namespace engram::dynamics
