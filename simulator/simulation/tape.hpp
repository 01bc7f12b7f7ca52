// A Tape is what a forward run leaves for the adjoint. A run that nobody takes back has none.
#pragma once

#include "dynamics/spike_tape.hpp"
#include "numeric/matrix.hpp"

#include <vector>

namespace engram::simulation {

template <class T> struct Tape {
  struct Kept {
    numeric::Vector<T> state;
    std::vector<numeric::Matrix<T>> noise; ///< by region: that of the step before, from which this step's follows
  };
  std::size_t every = 1;    ///< states of steps 0, every, 2 every, … are kept
  std::size_t stages = 1;   ///< of the stepper, which are computed anew on the way back
  bool spike_times = false; ///< does the gradient go through the times of spikes? Else by surrogate slopes
  std::vector<Kept> kept;
  std::vector<std::vector<T>> pieces;         ///< by step: the lengths in which the stepper took it, ms
  std::vector<dynamics::SpikeTape<T>> spikes; ///< by spiking region, in the order of Spikes::active()

  /// A trial of so many steps begins.
  void begin(std::size_t steps) {
    kept.resize((steps + every - 1) / every);
    pieces.resize(steps);
  }
  void keep(std::size_t step, const numeric::Vector<T> &state, const std::vector<numeric::Matrix<T>> &noise) {
    if (step % every != 0) return;
    kept[step / every].state = state;
    kept[step / every].noise = noise;
  }
};

} // namespace engram::simulation
