// These functions hold weights within what a model demands of them: bounds, signs, norm, and what is shared.
#include "network/network.hpp"

#include <limits>
#include <vector>

namespace engram::network {

template <class T> void constrain(DenseProjection<T> &p) {
  if (!p.mask.is_empty()) p.weights %= p.mask;
  if (!p.sign.is_empty())
    for (std::size_t k = 0; k < p.weights.n_elem; ++k)
      if (p.weights[k] * p.sign[k] < 0) p.weights[k] = 0;
  if (p.constraints.minimum || p.constraints.maximum) {
    const T low = p.constraints.minimum ? static_cast<T>(*p.constraints.minimum) : std::numeric_limits<T>::lowest();
    const T high = p.constraints.maximum ? static_cast<T>(*p.constraints.maximum) : std::numeric_limits<T>::max();
    p.weights.clamp(low, high);
  }
  if (!p.norm.is_empty()) {
    const numeric::Vector<T> now = arma::sqrt(arma::sum(arma::square(p.weights), 1));
    for (std::size_t i = 0; i < p.weights.n_rows; ++i)
      if (now[i] > 0) p.weights.row(i) *= p.norm[i] / now[i];
  }
}

template <class T> void share(const DenseProjection<T> &p, numeric::Matrix<T> &change) {
  if (!p.sharing) return;
  std::vector<T> sum(p.sharing->groups, T(0));
  const auto &group = p.sharing->group;
  for (std::size_t k = 0; k < group.size(); ++k)
    if (group[k] != Sharing::none) sum[group[k]] += change[k];
  for (std::size_t k = 0; k < group.size(); ++k) change[k] = group[k] == Sharing::none ? T(0) : sum[group[k]];
}

template <class T> void refresh_signs(Network<T> &network) {
  for (const std::size_t k : network.sign_order) {
    auto &p = network.dense[k];
    const auto &[signs, magnitude] = *p.sign_of();
    const auto &other = network.dense[signs.other].weights;
    const bool flipped = signs.gain < 0;
    for (std::size_t j = 0; j < p.weights.n_cols; ++j)
      for (std::size_t i = 0; i < p.weights.n_rows; ++i) {
        const T w = signs.gain == T(0) ? T(0) : signs.transposed ? other(j, i) : other(i, j);
        const bool up = flipped ? w < 0 : w > 0, down = flipped ? w > 0 : w < 0;
        p.weights(i, j) = up ? magnitude(i, j) : down ? -magnitude(i, j) : T(0);
      }
  }
}

template void constrain(DenseProjection<float> &);
template void constrain(DenseProjection<double> &);
template void share(const DenseProjection<float> &, numeric::Matrix<float> &);
template void share(const DenseProjection<double> &, numeric::Matrix<double> &);
template void refresh_signs(Network<float> &);
template void refresh_signs(Network<double> &);

} // namespace engram::network
