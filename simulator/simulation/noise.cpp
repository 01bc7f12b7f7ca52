#include "simulation/noise.hpp"

#include <cmath>

namespace engram::simulation {

template <class T>
Noise<T>::Noise(const model::Region &region, std::uint64_t seed, double step_ms)
    : random_{seed, numeric::Purpose::noise, numeric::name_key(region.name)} {
  const auto &said = region.noise;
  if (said.type == "gaussian") kind_ = Kind::gaussian;
  if (said.type == "held") kind_ = Kind::held;
  if (said.type == "pulses") kind_ = Kind::pulses;
  if (said.type == "ornstein_uhlenbeck") kind_ = Kind::ornstein_uhlenbeck;
  if (kind_ == Kind::none) return;
  drawn_.set_size(region.size);
  if (kind_ == Kind::pulses) {
    chance_ = said.number("rate") * step_ms / 1000;
    amplitude_ = said.number("amplitude");
    return;
  }
  sd_ = said.number("sd");
  if (kind_ == Kind::ornstein_uhlenbeck) decay_ = std::exp(-step_ms / said.number("tau"));
}

template <class T>
void Noise<T>::move(const protocol::Schedule &schedule, std::size_t step, const std::vector<std::uint64_t> &draws,
                    numeric::Matrix<T> &noise) {
  const auto &phase = schedule.phases[schedule.phase_of(step)];
  if (!phase.noise) {
    noise.zeros();
    return;
  }
  if (kind_ == Kind::held && step != phase.first) return; // as it was
  // η(t + h) = η(t) e^{−h/τ} + σ √(1 − e^{−2h/τ}) ξ, exactly (Gillespie 1996, eq. 3.1); it begins in equilibrium.
  const bool begins = step == 0 || (step == phase.first && !schedule.phases[schedule.phase_of(step - 1)].noise);
  const T keep = begins ? T(0) : static_cast<T>(decay_);
  const T fresh = static_cast<T>(begins ? sd_ : sd_ * std::sqrt(1 - decay_ * decay_));
  for (std::size_t b = 0; b < noise.n_cols; ++b) {
    const std::uint64_t draw = draws[b] * schedule.steps + step;
    if (kind_ == Kind::pulses) {
      pulses(b, draw, noise);
      continue;
    }
    random_.normals(drawn_.memptr(), drawn_.n_elem, draw);
    for (std::size_t i = 0; i < noise.n_rows; ++i) noise(i, b) = keep * noise(i, b) + fresh * drawn_[i];
  }
}

template <class T> void Noise<T>::pulses(std::size_t b, std::uint64_t draw, numeric::Matrix<T> &noise) const {
  for (std::size_t i = 0; i < noise.n_rows; ++i) { // one number says whether, the other how large
    const bool pulse = random_.uniform(2 * i, draw) < chance_;
    noise(i, b) = pulse ? static_cast<T>(amplitude_ * (2 * random_.uniform(2 * i + 1, draw) - 1)) : T(0);
  }
}

template class Noise<float>;
template class Noise<double>;

} // namespace engram::simulation
