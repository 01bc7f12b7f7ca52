// Noise is a current that is injected into the neurons of a region.
#pragma once

#include "model/model.hpp"
#include "numeric/matrix.hpp"
#include "numeric/random.hpp"
#include "protocol/schedule.hpp"

#include <cstdint>
#include <vector>

namespace engram::simulation {

/// Moves the noise of one region from step to step. What is drawn follows from (seed, region, trial, step).
template <class T> class Noise {
public:
  Noise(const model::Region &region, std::uint64_t seed, double step_ms);
  bool none() const { return kind_ == Kind::none; }
  /// Takes `noise` (N × B) from the step before to this one; 0 in phases without noise. `draws` numbers the trials.
  void move(const protocol::Schedule &schedule, std::size_t step, const std::vector<std::uint64_t> &draws,
            numeric::Matrix<T> &noise);

private:
  enum class Kind { none, gaussian, held, pulses, ornstein_uhlenbeck };
  void pulses(std::size_t b, std::uint64_t draw, numeric::Matrix<T> &noise) const;

  Kind kind_ = Kind::none;
  numeric::Random random_;
  double decay_ = 0;                  // of an Ornstein-Uhlenbeck current in a step
  double sd_ = 0;                     // in equilibrium
  double chance_ = 0, amplitude_ = 0; // of a pulse in a step; its largest current
  numeric::Vector<T> drawn_;          // N, of one trial
};

} // namespace engram::simulation
