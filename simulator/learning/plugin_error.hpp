// These exceptions say what is wrong with a rule's shared library.
#pragma once

#include <stdexcept>

namespace engram::learning {

/// A rule cannot be used: one line that begins with the file's (or the rule's) name.
class PluginError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// No such rule, or no such file: the name that was asked for is wrong, not the plugin.
class RuleNotFound : public PluginError {
public:
  using PluginError::PluginError;
};

} // namespace engram::learning
