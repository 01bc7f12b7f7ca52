// An OpenObjective is the shared library of a term of the objective that is open in this process.
#pragma once

#include "learning/shared_object.hpp"
#include "task/plugin_objective.hpp"

#include <engram/objective.h>

#include <memory>
#include <string>

namespace engram::learning {

/// Owns the library and knows its checked table, which is valid as long as it lives. Move-only.
class OpenObjective {
public:
  /// Runs what the library does as it is opened. Errors: PluginError.
  explicit OpenObjective(const std::string &file);
  /// Of a library that is open. Errors: PluginError.
  OpenObjective(SharedObject object, const std::string &file);
  const engram_objective &table() const { return *table_; }

private:
  SharedObject object_;
  std::unique_ptr<const engram_objective> table_; // a copy, of the newest version
};

/// The table, where it can be used as it stands, in the newest version: what an older one lacks is 0. Throws
/// PluginError where it cannot; `file` begins the message. The versions are compared first: of a table of an unknown
/// version nothing else is read.
engram_objective check_table(const engram_objective *table, const std::string &file);

/// What a checked table says, in the model's words.
task::ObjectiveInfo objective_info_of(const engram_objective &table, const std::string &file);

} // namespace engram::learning
