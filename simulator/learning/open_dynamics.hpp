// An OpenDynamics is the shared library of a neuron's dynamics that is open in this process.
#pragma once

#include "learning/shared_object.hpp"

#include <engram/dynamics.h>

#include <string>

namespace engram::learning {

/// Owns the library and knows its checked table, which is valid as long as it lives. Move-only.
class OpenDynamics {
public:
  /// Runs what the library does as it is opened. Errors: PluginError.
  explicit OpenDynamics(const std::string &file);
  /// Of a library that is open. Errors: PluginError.
  OpenDynamics(SharedObject object, const std::string &file);
  const engram_dynamics &table() const { return *table_; }

private:
  SharedObject object_;
  const engram_dynamics *table_ = nullptr;
};

/// Throws PluginError unless the table can be used as it stands. `file` begins the message. The versions are compared
/// first: of a table of another version nothing else is read.
void check_table(const engram_dynamics *table, const std::string &file);

} // namespace engram::learning
