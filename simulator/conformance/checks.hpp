// check_rule() tries a learning rule: does it do what its table says, is it local, and does it keep to its memory?
// check_dynamics() asks the same of neurons, check_objective() of a term of the objective, check_environment() of an
// environment, and check_plugin() of whatever a file holds; check_neurons() asks it of neurons that are no plugin.
#pragma once

#include "model/plugin_kind.hpp"

#include <engram/dynamics.h>

#include <string>
#include <vector>

namespace engram::conformance {

struct Check {
  std::string name;
  bool passed = false;
  std::string reason; ///< one line: why it failed, or what was seen
};

struct Report {
  std::string rule; ///< its name, or the file when the table cannot be read
  bool local = false, global = false;
  model::PluginKind kind = model::PluginKind::rule; ///< what it holds
  std::vector<Check> checks;
  bool passed() const;
};

/// Runs all checks on the rule in `file`, each in a process of its own; after `seconds` the one that runs is ended, and
/// those after it are not made. Not for a process with other threads.
Report check_rule(const std::string &file, double seconds = 10);
Report check_dynamics(const std::string &file, double seconds = 10);
Report check_objective(const std::string &file, double seconds = 10);
Report check_environment(const std::string &file, double seconds = 10);
/// The checks of neurons by a table of this process: all but those of a library. `name`: for the report.
Report check_neurons(const engram_dynamics &table, const std::string &name, double seconds = 10);
/// Whichever of them the file holds.
Report check_plugin(const std::string &file, double seconds = 10);

} // namespace engram::conformance
