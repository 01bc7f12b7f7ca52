// entry_of_plugin() makes an entry of the objective from the table of a plugin, a term that is written outside of
// engram.
#pragma once

#include "task/objective_entry.hpp"

#include <engram/objective.h>

#include <string>

namespace engram::task {

/// A term as its table describes it.
struct ObjectiveInfo {
  std::string file;
  model::Named words; ///< for model files
  bool masks = false, counts = false;
  bool across_trials = false; ///< the loss of a trial hangs on the others of its batch
  engram_over over = ENGRAM_OVER_STEP;
};

/// Sets what the words say of `over`: is the term of the trial as a whole?
void tell_over(ObjectiveInfo &info);

/// The entry of a term whose code is not in this process: for checks, which compute no loss.
ObjectiveEntry entry_in_words(const ObjectiveInfo &info);

/// The entry of a checked table, with what it says. The library of the table stays open as long as the entry is used.
/// Its functions throw PluginFailure where those of the table fail.
ObjectiveEntry entry_of_plugin(const engram_objective &table, const ObjectiveInfo &info);

} // namespace engram::task
