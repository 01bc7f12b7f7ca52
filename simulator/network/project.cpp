#include "network/project.hpp"

#include "numeric/product.hpp"

namespace engram::network {

namespace {
// out = gain diag(w) in + beta out, rounded as the full product would be
template <class T>
void project_one_to_one(T gain, const numeric::Matrix<T> &w, const numeric::Matrix<T> &in, T beta,
                        numeric::Matrix<T> &out) {
  const std::size_t n = w.n_rows;
  const T *diagonal = w.memptr(); // every (n + 1)th
  for (std::size_t b = 0; b < in.n_cols; ++b) {
    const T *from = in.colptr(b);
    T *to = out.colptr(b);
    if (beta == T(0)) // out may hold anything
      for (std::size_t i = 0; i < n; ++i) to[i] = gain * (diagonal[i * (n + 1)] * from[i]);
    else
      for (std::size_t i = 0; i < n; ++i) to[i] = gain * (diagonal[i * (n + 1)] * from[i]) + beta * to[i];
  }
}
} // namespace

template <class T>
void project(const Network<T> &network, const DenseProjection<T> &p, Way way, const numeric::Matrix<T> &in, T beta,
             numeric::Matrix<T> &out, int threads) {
  const auto *of = p.transpose_of();
  const auto &stored = of ? network.dense[of->other] : p;
  const T gain = of ? of->gain : T(1);
  if (stored.one_to_one) return project_one_to_one(gain, stored.weights, in, beta, out);
  const bool transposed = (of && of->transposed) != (way == Way::backward);
  numeric::product<T>(gain, {stored.weights, transposed}, in, beta, out, threads);
}

template void project(const Network<float> &, const DenseProjection<float> &, Way, const numeric::Matrix<float> &,
                      float, numeric::Matrix<float> &, int);
template void project(const Network<double> &, const DenseProjection<double> &, Way, const numeric::Matrix<double> &,
                      double, numeric::Matrix<double> &, int);

} // namespace engram::network
