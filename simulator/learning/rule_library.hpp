// A RuleLibrary finds plugins of all kinds, by name or path, and loads them.
#pragma once

#include "dynamics/plugin_dynamics.hpp"
#include "learning/open_dynamics.hpp"
#include "learning/open_environment.hpp"
#include "learning/open_objective.hpp"
#include "learning/open_rule.hpp"
#include "learning/plugin_error.hpp"
#include "model/vocabulary.hpp"

#include <engram/plugin.h>

#include <map>
#include <string>
#include <vector>

namespace engram::learning {

/// The plugins that can be found by name, each kind by name; of two files with one name the first in the search.
struct Plugins {
  std::vector<model::RuleInfo> rules;
  std::vector<dynamics::DynamicsInfo> dynamics;
  std::vector<task::ObjectiveInfo> objectives;
  std::vector<task::EnvironmentInfo> environments;
  std::vector<std::string> problems; ///< what is wrong with those that cannot be used, a line for each
};

/// The plugins within reach, and those loaded so far. Move-only; not for use from several threads at once. A name is
/// looked for as NAME.so in the folders of $ENGRAM_PLUGIN_PATH (parted by colons), then in the caller's; a word
/// with '/' in it, or with the ending .so, is a path.
class RuleLibrary {
public:
  explicit RuleLibrary(std::vector<std::string> folders);

  /// Opens a rule in this process: its checked table, valid as long as the library lives. Errors: PluginError, one
  /// line.
  const engram_rule &load(const std::string &name_or_path);
  /// The table in the model's words, read in a process of its own. Errors: PluginError.
  model::RuleInfo info(const std::string &name_or_path) const;
  /// The same for the dynamics of neurons.
  const engram_dynamics &load_dynamics(const std::string &name_or_path);
  dynamics::DynamicsInfo dynamics_info(const std::string &name_or_path) const;
  /// The same for a term of the objective.
  const engram_objective &load_objective(const std::string &name_or_path);
  task::ObjectiveInfo objective_info(const std::string &name_or_path) const;
  /// The same for an environment.
  const engram_environment &load_environment(const std::string &name_or_path);
  task::EnvironmentInfo environment_info(const std::string &name_or_path) const;
  /// All that can be found by name. Their tables are read in a process of its own.
  Plugins all() const;
  /// The rules among them. What is wrong with plugins that cannot be used is added to `problems`.
  std::vector<model::RuleInfo> list(std::vector<std::string> *problems = nullptr) const;

  /// The file of a plugin; `what` is what a message calls it: "rule", "dynamics", "objective", "environment", whose
  /// names the message lists, or "plugin", any of them. Errors: RuleNotFound.
  std::string find(const std::string &name_or_path, const char *what = "rule") const;
  /// Where names are looked for, in order.
  const std::vector<std::string> &folders() const { return folders_; }
  /// The same in words: "looked in A, B".
  std::string searched() const;

private:
  std::vector<std::string> folders_;
  std::map<std::string, OpenRule> loaded_; // by canonical path
  std::map<std::string, OpenDynamics> loaded_dynamics_;
  std::map<std::string, OpenObjective> loaded_objectives_;
  std::map<std::string, OpenEnvironment> loaded_environments_;
};

/// A plugin that is found by name has the name of its file. Errors: PluginError.
void check_name(const std::string &name, const std::string &file);

} // namespace engram::learning
