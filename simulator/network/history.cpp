#include "network/history.hpp"

#include <algorithm>

namespace engram::network {

template <class T> void History<T>::want(std::size_t region, Signal signal, std::size_t delay) {
  auto &ring = kept_[{region, signal}];
  ring.delay = std::max(ring.delay, delay);
}

template <class T> void History<T>::begin(const Network<T> &network, std::size_t trials, std::size_t steps) {
  for (auto &[key, ring] : kept_) {
    ring.steps.resize(std::max(ring.delay + 1, steps));
    for (auto &matrix : ring.steps) matrix.set_size(network.regions[key.first].size, trials);
    ring.silence.zeros(network.regions[key.first].size, trials);
  }
}

template <class T> void History<T>::store(std::size_t step, const Signals<T> &signals) {
  for (auto &[key, ring] : kept_) {
    const auto &now = signals[key.first][key.second];
    std::copy_n(now.memptr(), now.n_elem, ring.steps[step % ring.steps.size()].memptr());
  }
}

template <class T>
const numeric::Matrix<T> &History<T>::at(std::size_t step, std::size_t delay, std::size_t region, Signal signal) const {
  const auto &ring = kept_.at({region, signal});
  return delay > step ? ring.silence : ring.steps[(step - delay) % ring.steps.size()];
}

template class History<float>;
template class History<double>;

} // namespace engram::network
