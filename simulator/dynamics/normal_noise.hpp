// NormalNoise is a normal current with a correlation from step to step: gaussian, held and ornstein_uhlenbeck.
#pragma once

#include "dynamics/noise_entry.hpp"
#include "numeric/random.hpp"

#include <cmath>

namespace engram::dynamics {

template <class T> class NormalNoise final : public NoiseProcess<T> {
public:
  /// `sd` in equilibrium; `decay` = e^{−h/τ} in a step of h, 0 where each step is drawn anew. `held`: what is drawn as
  /// a phase begins stays to its end.
  NormalNoise(const model::Region &region, std::uint64_t seed, double sd, double decay, bool held)
      : random_{seed, numeric::Purpose::noise, numeric::name_key(region.name)}, decay_(decay), sd_(sd), held_(held) {
    drawn_.set_size(region.size);
  }
  void move(const NoiseStep &at, numeric::Matrix<T> &noise) override {
    if (held_ && !at.phase_begins) return; // as it was
    // η(t + h) = η(t) e^{−h/τ} + σ √(1 − e^{−2h/τ}) ξ, exactly (Gillespie 1996, eq. 3.1); it begins in equilibrium.
    const T keep = at.fresh ? T(0) : static_cast<T>(decay_);
    const T fresh = static_cast<T>(at.fresh ? sd_ : sd_ * std::sqrt(1 - decay_ * decay_));
    for (std::size_t b = 0; b < noise.n_cols; ++b) {
      random_.normals(drawn_.memptr(), drawn_.n_elem, at.draw(b));
      for (std::size_t i = 0; i < noise.n_rows; ++i) noise(i, b) = keep * noise(i, b) + fresh * drawn_[i];
    }
  }

private:
  numeric::Random random_;
  double decay_, sd_;
  bool held_;
  numeric::Vector<T> drawn_; // N, of one trial
};

} // namespace engram::dynamics
