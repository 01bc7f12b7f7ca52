#include "task/schedule.hpp"

#include "model/time_grid.hpp"

#include <algorithm>

namespace engram::task {

std::size_t Schedule::phase_of(std::size_t at) const {
  std::size_t k = 0;
  while (k + 1 < phases.size() && at >= phases[k].last) ++k;
  return k;
}

Schedule schedule_of(const model::Model &model) {
  Schedule schedule;
  schedule.step = model.time.step;
  for (const auto &model_phase : model.task.trial) {
    const auto length = model::steps_of(model_phase.duration, model.time.step);
    PhaseSteps phase{schedule.steps,
                     schedule.steps + length,
                     model_phase.stimuli,
                     model_phase.objective,
                     model_phase.noise,
                     model_phase.plastic,
                     {}};
    if (!model_phase.plastic_rules.empty()) {
      phase.may_learn.resize(model.rules.size());
      for (std::size_t k = 0; k < model.rules.size(); ++k)
        phase.may_learn[k] = std::find(model_phase.plastic_rules.begin(), model_phase.plastic_rules.end(),
                                       model.rules[k].name) != model_phase.plastic_rules.end();
    }
    schedule.phases.push_back(std::move(phase));
    schedule.steps += length;
    if (model_phase.objective != 0) schedule.objective_steps += length;
  }
  return schedule;
}

} // namespace engram::task
