// An Environment is what the circuit of a model acts on, with its parameters and the course of its events.
#pragma once

#include "model/model.hpp"
#include "task/entries.hpp"
#include "task/trials.hpp"

namespace engram::task {

struct Environment {
  const EnvironmentEntry *entry = nullptr;
  std::vector<double> parameters;          ///< in the order of its words
  std::vector<double> course;              ///< trial by trial, `entry->course` numbers each
  std::size_t choice_column, label_column; ///< among the entry's; their count where it has none
  const double *course_of(std::size_t trial) const { return course.data() + trial * entry->course; }
};

/// The environment of a model that has one.
Environment environment_of(const model::Model &model, const TaskEntries &entries = task_entries());

/// The trials of a model with an environment: those held out for testing are the last.
/// Errors: input::InputError where none is left to learn from.
Trials environment_trials(const model::Model &model);

} // namespace engram::task
