// read_tables() reads the tables of plugins without loading their code into this process. Commands that list, describe
// and check models use it.
#pragma once

#include "dynamics/plugin_dynamics.hpp"
#include "model/plugin_kind.hpp"
#include "model/vocabulary.hpp"
#include "task/plugin_environment.hpp"
#include "task/plugin_objective.hpp"

#include <string>
#include <vector>

namespace engram::learning {

/// The table of a plugin as it was read from a file: what its kind says is set.
struct TableRead {
  std::string file;
  model::PluginKind kind = model::PluginKind::rule;
  model::RuleInfo info{}; ///< of a rule
  dynamics::DynamicsInfo dynamics{};
  task::ObjectiveInfo objective{};
  task::EnvironmentInfo environment{};
  std::string problem{}; ///< why it cannot be used, a line that begins with the file; "" when it can
  const std::string &name() const;
};

/// Opens the files one after another in a process of its own, because opening a library runs its code, and takes their
/// checked tables from there. A file that crashes, ends the process or takes more than 5 s is told as a problem of that
/// file alone. Errors: Failed when no process can be started.
std::vector<TableRead> read_tables(const std::vector<std::string> &files);

} // namespace engram::learning
