// An OpenEnvironment is the shared library of an environment that is open in this process.
#pragma once

#include "learning/shared_object.hpp"
#include "task/plugin_environment.hpp"

#include <engram/environment.h>

#include <memory>
#include <string>

namespace engram::learning {

/// Owns the library and knows its checked table, which is valid as long as it lives. Move-only.
class OpenEnvironment {
public:
  /// Runs what the library does as it is opened. Errors: PluginError.
  explicit OpenEnvironment(const std::string &file);
  /// Of a library that is open. Errors: PluginError.
  OpenEnvironment(SharedObject object, const std::string &file);
  const engram_environment &table() const { return *table_; }

private:
  SharedObject object_;
  std::unique_ptr<const engram_environment> table_; // a copy, of the newest version
};

/// The table, where it can be used as it stands, in the newest version: what an older one lacks is 0. Throws
/// PluginError where it cannot; `file` begins the message. The versions are compared first: of a table of an unknown
/// version nothing else is read.
engram_environment check_table(const engram_environment *table, const std::string &file);

/// What a checked table says, in the model's words.
task::EnvironmentInfo environment_info_of(const engram_environment &table, const std::string &file);

} // namespace engram::learning
