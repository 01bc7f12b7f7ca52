#include "task/schedule.hpp"

#include "model/time_grid.hpp"

#include <algorithm>

namespace engram::task {

std::size_t Schedule::phase_of(std::size_t at) const {
  std::size_t k = 0;
  while (k + 1 < phases.size() && at >= phases[k].last) ++k;
  return k;
}

namespace {

double strength_of(const model::Objective &term, const model::Phase &phase) {
  if (term.phases.empty()) return phase.objective;
  if (std::find(term.phases.begin(), term.phases.end(), phase.name) == term.phases.end()) return 0;
  return phase.objective != 0 ? phase.objective : 1;
}

} // namespace

Schedule schedule_of(const model::Model &model) {
  Schedule schedule;
  schedule.step = model.time.step;
  for (const auto &model_phase : model.task.trial) {
    const auto length = model::steps_of(model_phase.duration, model.time.step);
    PhaseSteps phase{schedule.steps,
                     schedule.steps + length,
                     model_phase.stimuli,
                     model_phase.objective,
                     {},
                     model_phase.noise,
                     model_phase.plastic,
                     {}};
    if (!model_phase.plastic_rules.empty()) {
      phase.may_learn.resize(model.rules.size());
      for (std::size_t k = 0; k < model.rules.size(); ++k)
        phase.may_learn[k] = std::find(model_phase.plastic_rules.begin(), model_phase.plastic_rules.end(),
                                       model.rules[k].name) != model_phase.plastic_rules.end();
    }
    bool judged = false;
    for (const auto *term : model::terms_of(model)) {
      phase.terms.push_back(strength_of(*term, model_phase));
      judged = judged || phase.terms.back() != 0;
    }
    if (judged && phase.objective == 0) phase.objective = 1; // a term names the phase
    schedule.phases.push_back(std::move(phase));
    schedule.steps += length;
    if (judged) schedule.objective_steps += length;
  }
  return schedule;
}

} // namespace engram::task
