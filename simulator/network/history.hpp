// A History keeps the recent past of signals in a ring of steps, for projections with a delay.
#pragma once

#include "network/network.hpp"

#include <map>
#include <utility>
#include <vector>

namespace engram::network {

template <class T> class History {
public:
  using Key = std::pair<std::size_t, Signal>; ///< region, signal

  /// Asks for a signal to be kept for `delay` steps back.
  void want(std::size_t region, Signal signal, std::size_t delay);
  bool empty() const { return kept_.empty(); }
  /// Begins a batch of B trials. `steps` > 0 keeps that many steps, whatever the delays (backprop reads them all).
  void begin(const Network<T> &network, std::size_t trials, std::size_t steps);
  /// Stores the signals of a step; steps come in order from 0, or again when a stretch is simulated anew.
  void store(std::size_t step, const Signals<T> &signals);
  /// Signal of `step` − delay: N × B, zero before the trial began.
  const numeric::Matrix<T> &at(std::size_t step, std::size_t delay, std::size_t region, Signal signal) const;

private:
  struct Ring {
    std::size_t delay = 0;
    std::vector<numeric::Matrix<T>> steps; ///< step k stands at k % size
    numeric::Matrix<T> silence;            ///< before the trial
  };
  std::map<Key, Ring> kept_;
};

} // namespace engram::network
