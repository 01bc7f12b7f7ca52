// read_model() goes from a model file to a checked model, and load_model() to one whose plugins are open.
#pragma once

#include "dynamics/entry.hpp"
#include "learning/rule_library.hpp"
#include "model/load.hpp"
#include "model/vocabulary.hpp"
#include "session/folders.hpp"
#include "task/entries.hpp"

#include <string>
#include <vector>

namespace engram::session {

/// The words that a model file may use, gathered from all that is registered and from the plugins within reach.
/// `problems` receives a line for each plugin within reach that cannot be used, `task` the entries of terms and
/// environments, those of plugins in words alone.
model::Vocabulary vocabulary(const learning::RuleLibrary &library, std::vector<std::string> *problems = nullptr,
                             task::TaskEntries *task = nullptr);

/// A model that has been checked. The tables of rules were read in a process of their own: no rule's code is in this
/// one.
struct ReadModel {
  model::Vocabulary words; ///< the rules by name, then those that the model names by path
  model::Model model;
  input::Places places;              ///< where its values stand
  std::vector<std::string> left_out; ///< what is wrong with plugins within reach that cannot be used
  std::vector<std::string> foreign;  ///< the rules that the model names by path
  task::TaskEntries task;            ///< terms and environments, those of plugins in words alone
};

/// Entries that hold the words alone: for checks, which make no neurons.
dynamics::DynamicsEntries entries_in_words(const model::Vocabulary &words);

/// Errors: input::InputError where the model is wrong, or a plugin that it names by path cannot be used.
ReadModel read_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                     const Listener &listener = {});

/// A model with the plugins that it names, by path or by name, opened in this process.
struct LoadedModel {
  learning::RuleLibrary library;
  model::Model model;
  input::Places places;                   ///< where its values stand
  std::vector<const engram_rule *> rules; ///< of each of model.rules, kept open by `library`
  dynamics::DynamicsEntries dynamics;     ///< those that engram comes with, and the plugins that the model names
  task::TaskEntries task;                 ///< the same of terms and environments
};

/// Errors as of read_model(), and learning::PluginError for any plugin that cannot be opened.
LoadedModel load_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                       const Listener &listener = {});

} // namespace engram::session
