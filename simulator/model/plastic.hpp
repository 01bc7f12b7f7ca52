// These functions say in which phases of a trial a rule may change weights.
#pragma once

#include "model/model.hpp"

#include <algorithm>

namespace engram::model {

/// May the rule change weights in this phase?
inline bool plastic_in(const Phase &phase, const std::string &rule) {
  const auto &named = phase.plastic_rules;
  return phase.plastic && (named.empty() || std::find(named.begin(), named.end(), rule) != named.end());
}

/// Is there a phase of the trial in which the rule may change weights?
inline bool ever_plastic(const Task &task, const std::string &rule) {
  return std::any_of(task.trial.begin(), task.trial.end(), [&](const Phase &phase) { return plastic_in(phase, rule); });
}

} // namespace engram::model
