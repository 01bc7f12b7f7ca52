#include "simulation/spike_adjoint.hpp"

#include "numeric/parallel.hpp"

#include <algorithm>

namespace engram::simulation {

template <class T>
SpikeAdjoint<T>::SpikeAdjoint(const network::Network<T> &network, const dynamics::CircuitDynamics<T> &circuit,
                              const Spikes<T> &spikes, std::vector<dynamics::SpikeTape<T>> &tapes, int threads)
    : network_(network), circuit_(circuit), active_(spikes.active()), tapes_(tapes), threads_(threads),
      active_at_(network.regions.size(), network::none) {
  for (std::size_t k = 0; k < active_.size(); ++k) active_at_[active_[k].region] = k;
}

template <class T> void SpikeAdjoint<T>::restore(std::size_t step, network::Signals<T> &signals) const {
  for (std::size_t k = 0; k < active_.size(); ++k) tapes_[k].restore(step, signals[active_[k].region]);
}

template <class T> void SpikeAdjoint<T>::rewind(std::size_t trials) {
  dspikes_.resize(network_.regions.size());
  for (const auto &p : network_.sparse)
    if (circuit_.carries_gradient[p.source])
      dspikes_[p.source].resize(
          std::max<std::size_t>(dspikes_[p.source].size(), p.synapses.connectivity->longest() + 1));
  for (std::size_t r = 0; r < dspikes_.size(); ++r)
    for (auto &matrix : dspikes_[r]) matrix.zeros(network_.regions[r].size, trials);
  for (std::size_t k = 0; k < active_.size(); ++k)
    if (circuit_.carries_gradient[active_[k].region]) tapes_[k].rewind();
}

template <class T> void SpikeAdjoint<T>::inject(std::size_t step, network::Signals<T> &d) {
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const auto &a = active_[k];
    if (!circuit_.carries_gradient[a.region]) continue;
    if (tapes_[k].times()) tapes_[k].time_spikes(step, d[a.region]);
    tapes_[k].step_back(step);
    if (a.soma || !d[a.region][network::Signal::apical].is_empty()) tapes_[k].inject(step, d[a.region]);
  }
}

template <class T> void SpikeAdjoint<T>::collect(const network::Signals<T> &d) {
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const std::size_t r = active_[k].region;
    if (circuit_.carries_gradient[r]) tapes_[k].collect(d[r]);
  }
}

// A spike of step s arrives at s + d: dL/dw += dx(s + d) z(s), and dL/dz(s) += wᵀ dx(s + d), whether it was there or
// not. Where its time carries the gradient, it is that of the spikes that were there, by the time of their arrival.
template <class T>
void SpikeAdjoint<T>::pull_back_synapses(std::size_t projection, std::size_t step, const dynamics::SpikeTape<T> &tape,
                                         T *change) {
  const auto &p = network_.sparse[projection];
  const auto &dx = tape.arrived(p.receptor);
  const auto &connectivity = *p.synapses.connectivity;
  auto &ring = dspikes_[p.source];
  const std::size_t trials = dx.n_cols;
  for (std::size_t l = 0; l < connectivity.lags.size(); ++l) {
    const std::size_t delay = connectivity.lags[l].total();
    if (delay > step) continue;
    if (change) {
      const auto &spikes = tapes_[active_at_[p.source]].spikes(step - delay);
      for (std::size_t b = 0; b < trials; ++b)
        for (const auto j : spikes[b])
          for (std::size_t s = connectivity.first(j, l); s < connectivity.last(j, l); ++s)
            change[s] -= dx(connectivity.target[s], b);
    }
    if (!circuit_.carries_gradient[p.source]) continue;
    auto &back = ring[(step - delay) % ring.size()];
    if (tape.times()) {
      const auto &shift = tape.shifted(p.receptor);
      const auto &spikes = tapes_[active_at_[p.source]].spikes(step - delay);
      for (std::size_t b = 0; b < trials; ++b)
        for (const auto j : spikes[b])
          for (std::size_t s = connectivity.first(j, l); s < connectivity.last(j, l); ++s)
            back(j, b) += p.synapses.weight(s) * shift(connectivity.target[s], b);
      continue;
    }
    numeric::for_tiles(threads_, trials, [&](std::size_t b) {
      const T *from = dx.colptr(b);
      T *to = back.colptr(b);
      for (std::size_t j = 0; j < connectivity.pres; ++j) {
        T sum = 0;
        for (std::size_t s = connectivity.first(j, l); s < connectivity.last(j, l); ++s)
          sum += p.synapses.weight(s) * from[connectivity.target[s]];
        to[j] += sum;
      }
    });
  }
}

template <class T>
void SpikeAdjoint<T>::pull_back(std::size_t step, const std::function<T *(std::size_t projection)> &change) {
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const auto &a = active_[k];
    if (!circuit_.carries_gradient[a.region]) continue;
    tapes_[k].pull_back_receptors(step);
    for (const std::size_t projection : a.incoming) pull_back_synapses(projection, step, tapes_[k], change(projection));
  }
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const std::size_t r = active_[k].region;
    if (!circuit_.carries_gradient[r]) continue;
    if (auto &ring = dspikes_[r]; !ring.empty()) {
      auto &back = ring[step % ring.size()];
      tapes_[k].spiked() += back;
      back.zeros();
    }
    tapes_[k].pull_back(step);
  }
}

template class SpikeAdjoint<float>;
template class SpikeAdjoint<double>;

} // namespace engram::simulation
