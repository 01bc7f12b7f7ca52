// These exceptions say what is wrong with a rule's shared library.
#pragma once

#include "error/error.hpp"

namespace engram::learning {

/// A rule cannot be used: one line that begins with the file's (or the rule's) name.
class PluginError : public Error {
public:
  explicit PluginError(const std::string &what) : PluginError(ErrorKind::failed, what) {}

protected:
  PluginError(ErrorKind kind, const std::string &what) : Error(kind, what) {}
};

/// No such rule, or no such file: the name that was asked for is wrong, not the plugin.
class RuleNotFound : public PluginError {
public:
  explicit RuleNotFound(const std::string &what) : PluginError(ErrorKind::wrong_input, what) {}
};

} // namespace engram::learning
