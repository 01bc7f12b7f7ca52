#include "protocol/schedule.hpp"

#include <cmath>

namespace engram::protocol {

std::size_t Schedule::phase_of(std::size_t at) const {
  std::size_t k = 0;
  while (k + 1 < phases.size() && at >= phases[k].last) ++k;
  return k;
}

Schedule schedule_of(const model::Model &model) {
  Schedule schedule;
  schedule.step = model.time.step;
  for (const auto &said : model.task.trial) {
    const auto length = static_cast<std::size_t>(std::llround(said.duration / model.time.step));
    schedule.phases.push_back({schedule.steps, schedule.steps + length, said.stimuli, said.objective, said.plastic});
    schedule.steps += length;
    if (said.objective) schedule.objective_steps += length;
  }
  return schedule;
}

} // namespace engram::protocol
