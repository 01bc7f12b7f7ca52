// entry_of_plugin() makes an entry of an environment from the table of a plugin, which is written outside of engram.
#pragma once

#include "task/environment_entry.hpp"

#include <engram/environment.h>

#include <string>

namespace engram::task {

/// An environment as its table describes it.
struct EnvironmentInfo {
  std::string file;
  model::Named words; ///< for model files
  std::size_t states = 0, course = 0;
};

/// The entry of one whose code is not in this process: for checks, which run no trial.
EnvironmentEntry entry_in_words(const EnvironmentInfo &info);

/// The entry of a checked table, with what it says. The library of the table stays open as long as the entry is used.
/// Its functions throw PluginFailure where those of the table fail, or give what cannot be used: a reward, a stimulus
/// or a column that is not finite, or a choice of a neuron that there is not.
EnvironmentEntry entry_of_plugin(const engram_environment &table, const EnvironmentInfo &info);

} // namespace engram::task
