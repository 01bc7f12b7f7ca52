// check_rule() tries a learning rule: does it do what its table says, is it local, and does it keep to its memory?
// check_dynamics() asks the same of neurons, and check_plugin() of either.
#pragma once

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
  bool dynamics = false; ///< it holds the dynamics of neurons; else a rule
  std::vector<Check> checks;
  bool passed() const;
};

/// Runs all checks on the rule in `file`, each in a process of its own; after `seconds` the one that runs is ended, and
/// those after it are not made. Not for a process with other threads.
Report check_rule(const std::string &file, double seconds = 10);
Report check_dynamics(const std::string &file, double seconds = 10);
/// Whichever of the two the file holds.
Report check_plugin(const std::string &file, double seconds = 10);

} // namespace engram::conformance
