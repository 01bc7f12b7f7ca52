#include "simulation/noise.hpp"

namespace engram::simulation {

template <class T>
Noise<T>::Noise(const model::Region &region, std::uint64_t seed, double step_ms)
    : process_(dynamics::noise_of<T>(region, seed, step_ms)) {}

template <class T>
void Noise<T>::move(const task::Schedule &schedule, std::size_t step, const std::vector<std::uint64_t> &draws,
                    numeric::Matrix<T> &noise) {
  const auto &phase = schedule.phases[schedule.phase_of(step)];
  if (!phase.noise) {
    noise.zeros();
    return;
  }
  const bool phase_begins = step == phase.first;
  const bool fresh = step == 0 || (phase_begins && !schedule.phases[schedule.phase_of(step - 1)].noise);
  process_->move({fresh, phase_begins, &draws, step, schedule.steps}, noise);
}

template class Noise<float>;
template class Noise<double>;

} // namespace engram::simulation
