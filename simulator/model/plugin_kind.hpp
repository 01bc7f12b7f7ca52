// A PluginKind is what a plugin holds.
#pragma once

#include <array>
#include <cstddef>

namespace engram::model {

enum class PluginKind { rule, dynamics, objective, environment };

/// What a message calls each, in the order of the values.
inline constexpr std::array<const char *, 4> plugin_kinds{"a learning rule", "the dynamics of neurons",
                                                          "a term of the objective", "an environment"};
inline const char *words_for(PluginKind kind) { return plugin_kinds[static_cast<std::size_t>(kind)]; }

} // namespace engram::model
