// take_in() gives neurons what reaches them through a step: the neurons that steppers move share it.
#pragma once

#include "dynamics/receptors.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace engram::dynamics {

/// Takes what a receptor gives on average through the step to neurons `first` to `first + count` of trial b; then the
/// receptor moves to the step's end. `v`: the potentials of the trial, which delta receptors move unless a neuron is
/// held (`held` not 0). `drive` and `conductance` are added to.
template <class T>
void take_in_step(Receptor<T> &r, std::size_t b, std::size_t first, std::size_t count, T *v, const T *held, T *drive,
                  T *conductance) {
  T *x = r.x.colptr(b) + first;
  v += first, held += first, drive += first, conductance += first;
  if (r.kind == Kinetics::delta) {
    for (std::size_t k = 0; k < count; ++k) {
      v[k] += held[k] != T(0) ? T(0) : x[k];
      x[k] = 0;
    }
    return;
  }
  const T mean = r.mean, decay = r.decay, reversal = r.conductance ? r.reversal : T(1),
          open = r.conductance ? T(1) : T(0);
  if (r.kind != Kinetics::alpha) {
#pragma omp simd
    for (std::size_t k = 0; k < count; ++k) {
      const T held_open = mean * x[k];
      drive[k] += reversal * held_open;
      conductance[k] += open * held_open;
      x[k] *= decay;
    }
    return;
  }
  T *g = r.g.colptr(b) + first;
  const T mean_rise = r.mean_rise, rise = r.rise;
  for (std::size_t k = 0; k < count; ++k) {
    const T held_open = mean * g[k] + mean_rise * x[k];
    drive[k] += reversal * held_open;
    conductance[k] += open * held_open;
  }
  for (std::size_t k = 0; k < count; ++k) g[k] = decay * (g[k] + rise * x[k]);
  for (std::size_t k = 0; k < count; ++k) x[k] *= decay;
}

/// Sets drive and conductance of all trials, N × B, to what the current `soma` (null: none) and the receptors give.
/// `potentials(b)`: those of trial b, N. Some neurons at a time, whose numbers stay in the nearest cache.
template <class T, class Potentials>
void take_in(std::vector<Receptor<T>> &receptors, const numeric::Matrix<T> *soma, const Potentials &potentials,
             const numeric::Matrix<T> &held, numeric::Matrix<T> &drive, numeric::Matrix<T> &conductance) {
  constexpr std::size_t together = 512;
  for (std::size_t b = 0; b < drive.n_cols; ++b)
    for (std::size_t first = 0; first < drive.n_rows; first += together) {
      const std::size_t count = std::min<std::size_t>(together, drive.n_rows - first);
      if (soma)
        std::copy_n(soma->colptr(b) + first, count, drive.colptr(b) + first);
      else
        std::fill_n(drive.colptr(b) + first, count, T(0));
      std::fill_n(conductance.colptr(b) + first, count, T(0));
      for (auto &r : receptors)
        take_in_step(r, b, first, count, potentials(b), held.colptr(b), drive.colptr(b), conductance.colptr(b));
    }
}

} // namespace engram::dynamics
