// TaskEntries are the terms of objectives and the environments that a model may name.
#pragma once

#include "task/environment_entry.hpp"
#include "task/objective_entry.hpp"

#include <vector>

namespace engram::task {

/// engram's own, and plugins. What points to an entry, as a task::Objective does, needs it to stay where it is.
struct TaskEntries {
  std::vector<ObjectiveEntry> objectives;
  std::vector<EnvironmentEntry> environments;
};

/// Those that engram comes with.
const TaskEntries &task_entries();

/// The entry of a name. Errors: Broken where there is none, which the checks of the model exclude.
const ObjectiveEntry &objective_named(const std::string &type, const TaskEntries &entries);
const EnvironmentEntry &environment_named(const std::string &type, const TaskEntries &entries);

} // namespace engram::task
