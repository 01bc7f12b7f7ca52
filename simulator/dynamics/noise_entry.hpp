// An entry is all that the simulator knows of one noise: its words, and the process that moves it.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"
#include "numeric/matrix.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

/// A step of a batch of trials, in a phase with noise.
struct NoiseStep {
  bool fresh = false;                                ///< no noise came before it in the trial, or a phase without
  bool phase_begins = false;                         ///< it is the first of its phase
  const std::vector<std::uint64_t> *draws = nullptr; ///< by trial: its number
  std::uint64_t step = 0, steps = 0;                 ///< this one, and how many a trial has
  /// A number of its own for each trial and step, for what is drawn in it.
  std::uint64_t draw(std::size_t b) const { return (*draws)[b] * steps + step; }
};

/// Moves the noise of one region from step to step. What is drawn follows from (seed, region, trial, step).
template <class T> class NoiseProcess {
public:
  virtual ~NoiseProcess() = default;
  /// Takes `noise` (N × B) from the step before to this one.
  virtual void move(const NoiseStep &at, numeric::Matrix<T> &noise) = 0;
};

template <class T>
using MakeNoise = std::unique_ptr<NoiseProcess<T>> (*)(const model::Region &region, std::uint64_t seed, double step_ms);

/// One noise. noises/NAME.cpp defines `NoiseEntry NAME_noise()`, and CMake makes the list of these files.
struct NoiseEntry {
  model::Named words;
  int place = 1000;                  ///< lists show entries by place, and those of one place by name
  numeric::InBoth<MakeNoise> make{}; ///< null where words.is_none
};

/// Those that engram comes with.
const std::vector<NoiseEntry> &noise_entries();

/// Errors: Broken, as noise_of().
bool has_noise(const model::Region &region);

/// The noise of a region, or null. Errors: Broken where no entry has its name, which the checks of the model
/// exclude.
template <class T>
std::unique_ptr<NoiseProcess<T>> noise_of(const model::Region &region, std::uint64_t seed, double step_ms);

} // namespace engram::dynamics
