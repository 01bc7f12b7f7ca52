#include "task/entries.hpp"

#include "input/entries.hpp"

namespace engram::task {

const TaskEntries &task_entries() {
  static const TaskEntries all{objective_entries(), environment_entries()};
  return all;
}

const ObjectiveEntry &objective_named(const std::string &type, const TaskEntries &entries) {
  return input::entry_named(type, entries.objectives, "objective");
}

const ObjectiveEntry &objective_named(const std::string &type) { return objective_named(type, task_entries()); }

const EnvironmentEntry &environment_named(const std::string &type, const TaskEntries &entries) {
  return input::entry_named(type, entries.environments, "environment");
}

const EnvironmentEntry &environment_named(const std::string &type) { return environment_named(type, task_entries()); }

} // namespace engram::task
