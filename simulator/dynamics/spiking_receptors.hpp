// take_in() gives neurons what reaches them through a step: the neurons that steppers move share it.
#pragma once

#include "dynamics/receptors.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace engram::dynamics {

/// Takes what a receptor gives on average through the step to the N neurons of trial b; then the receptor moves to the
/// step's end. `v`: their potentials, which delta receptors move unless a neuron is held (`held` not 0). `drive` and
/// `conductance` are added to.
template <class T>
void take_in_step(Receptor<T> &r, std::size_t b, std::size_t neurons, T *v, const T *held, T *drive, T *conductance) {
  T *x = r.x.colptr(b);
  if (r.kind == Kinetics::delta) {
    for (std::size_t k = 0; k < neurons; ++k) {
      v[k] += held[k] != T(0) ? T(0) : x[k];
      x[k] = 0;
    }
    return;
  }
  const bool alpha = r.kind == Kinetics::alpha;
  T *g = alpha ? r.g.colptr(b) : x;
  const T mean = r.mean, mean_rise = alpha ? r.mean_rise : T(0), rise = alpha ? r.rise : T(0), decay = r.decay;
  const T reversal = r.conductance ? r.reversal : T(1), open = r.conductance ? T(1) : T(0);
  for (std::size_t k = 0; k < neurons; ++k) {
    const T held_open = mean * g[k] + mean_rise * x[k];
    drive[k] += reversal * held_open;
    conductance[k] += open * held_open;
  }
  if (alpha)
    for (std::size_t k = 0; k < neurons; ++k) g[k] = decay * (g[k] + rise * x[k]);
  for (std::size_t k = 0; k < neurons; ++k) x[k] *= decay;
}

/// Sets drive and conductance of all trials, N × B, to what the current `soma` (null: none) and the receptors give.
/// `potentials(b)`: those of trial b, N.
template <class T, class Potentials>
void take_in(std::vector<Receptor<T>> &receptors, const numeric::Matrix<T> *soma, const Potentials &potentials,
             const numeric::Matrix<T> &held, numeric::Matrix<T> &drive, numeric::Matrix<T> &conductance) {
  if (soma)
    std::copy_n(soma->memptr(), soma->n_elem, drive.memptr());
  else
    drive.zeros();
  conductance.zeros();
  for (std::size_t b = 0; b < drive.n_cols; ++b)
    for (auto &r : receptors)
      take_in_step(r, b, drive.n_rows, potentials(b), held.colptr(b), drive.colptr(b), conductance.colptr(b));
}

} // namespace engram::dynamics
