// A Schedule is a trial counted in steps.
#pragma once

#include "model/model.hpp"

#include <cstddef>
#include <vector>

namespace engram::task {

struct PhaseSteps {
  std::size_t first = 0, last = 0; ///< [first, last)
  std::vector<model::Phase::Shown> stimuli;
  double objective = 0;      ///< strength; 0: not delivered
  std::vector<double> terms; ///< of the objective: the strength of each; 0: it is neither judged nor delivered
  bool noise = true, plastic = false;
  std::vector<bool> may_learn; ///< by rule of the model; empty: all
};

struct Schedule {
  double step = 1; ///< ms
  std::size_t steps = 0;
  std::vector<PhaseSteps> phases;
  std::size_t objective_steps = 0;            ///< in which a term is judged
  std::size_t phase_of(std::size_t at) const; ///< index of the phase that holds step `at`
};

Schedule schedule_of(const model::Model &model);

} // namespace engram::task
