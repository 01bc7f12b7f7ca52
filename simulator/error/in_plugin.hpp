// in_plugin says which plugin's code a thread runs now, beside that of rules (learning/callback.hpp). A plugin may crash,
// or end the process by exit(), and the handlers of that end, which are handed nothing, are to name it: so this stands
// where they can reach it.
#pragma once

namespace engram {

/// What a message calls it: "dynamics"; and its name. Null outside of plugins.
struct PluginCode {
  const char *kind = nullptr, *name = nullptr;
};
inline thread_local PluginCode in_plugin{};

} // namespace engram
