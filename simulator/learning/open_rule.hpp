// An OpenRule is a rule's shared library that is open in this process.
#pragma once

#include "learning/shared_object.hpp"

#include <engram/plugin.h>

#include <string>

namespace engram::learning {

/// Owns the library and knows its checked table, which is valid as long as it lives. Move-only.
class OpenRule {
public:
  /// Runs what the library does as it is opened. Errors: PluginError.
  explicit OpenRule(const std::string &file);
  /// Of a library that is open. Errors: PluginError.
  OpenRule(SharedObject object, const std::string &file);
  const engram_rule &table() const { return *table_; }

private:
  SharedObject object_;
  const engram_rule *table_ = nullptr;
};

} // namespace engram::learning
