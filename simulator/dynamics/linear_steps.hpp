// LinearSteps moves neurons whose slopes are linear in their states and currents, exactly.
#pragma once

#include "dynamics/plugin_neurons.hpp"

#include <vector>

namespace engram::dynamics {

/// With the slopes f = A x + B I + c and a current I that stays through the step (Rotter & Diesmann 1999, Biol Cybern
/// 81:381): x(t + h) = x + P f(x, I), P = ∫₀ʰ e^(A s) ds. A neuron that is held keeps its first state: the first row of
/// its A, and its f, are 0.
template <class T> class LinearSteps {
public:
  /// `begin`: states as a trial begins, N K. `h`: the step, ms. `holds`: a neuron may be held. Errors: PluginFailure
  /// where A or B depends on states or currents.
  LinearSteps(const PluginNeurons<T> &neurons, const numeric::Vector<T> &begin, std::size_t count, double h,
              bool holds = true);
  /// state += P slope, N K × B each. `held`, N × B: not 0: its first state stays; null: nothing is held.
  void move(const T *slope, const T *held, std::size_t trials, T *state) const;
  /// dslope = Pᵀ dstate.
  void back(const T *dstate, const T *held, std::size_t trials, T *dslope) const;

private:
  /// Calls add(row, column, P there) for all entries of the P of each neuron; rows and columns count as states do.
  template <class Add> void each_entry(const T *held, std::size_t trials, const Add &add) const;
  const T *at(const std::vector<T> &all, std::size_t row, std::size_t column) const {
    return all.data() + (row * K_ + column) * count_;
  }
  std::size_t count_, K_;
  std::vector<T> free_, held_; // K × K × N: P of neuron i from row `r` and column `c` stands at (r K + c) N + i
};

} // namespace engram::dynamics
