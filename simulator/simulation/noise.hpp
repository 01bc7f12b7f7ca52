// Noise is a current that is injected into the neurons of a region.
#pragma once

#include "dynamics/noise_entry.hpp"
#include "model/model.hpp"
#include "numeric/matrix.hpp"
#include "task/schedule.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace engram::simulation {

/// Moves the noise of one region from step to step, by the phases of a trial.
template <class T> class Noise {
public:
  Noise(const model::Region &region, std::uint64_t seed, double step_ms);
  bool none() const { return !process_; }
  /// Takes `noise` (N × B) from the step before to this one; 0 in phases without noise. `draws` numbers the trials.
  void move(const task::Schedule &schedule, std::size_t step, const std::vector<std::uint64_t> &draws,
            numeric::Matrix<T> &noise);

private:
  std::unique_ptr<dynamics::NoiseProcess<T>> process_; // null: none
};

} // namespace engram::simulation
