// in_plugin says which plugin's code a thread runs now. A plugin may crash, or end the process by exit(), and the
// handlers of that end, which are handed nothing, are to name it: so this stands where they can reach it.
#pragma once

#include "error/error.hpp"

#include <string>

namespace engram {

/// What a message calls it: "rule", "dynamics"; and its name. Null outside of plugins.
struct PluginCode {
  const char *kind = nullptr, *name = nullptr;
};
inline thread_local PluginCode in_plugin{};

/// A function of a plugin failed, or gave what cannot be used: exit code 1.
class PluginFailure : public Failed {
public:
  PluginFailure(const PluginCode &code, const std::string &why)
      : Failed(std::string(code.kind) + " '" + code.name + "': " + why) {}
};

} // namespace engram
