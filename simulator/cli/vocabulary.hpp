// This gathers the words that a model file may use, from the folders of the simulator and from the plugins within
// reach. It also loads a model with the rules that it names.
#pragma once

#include "cli/context.hpp"
#include "learning/rule_library.hpp"
#include "model/load.hpp"
#include "model/vocabulary.hpp"

namespace engram::cli {

/// `problems` receives a line for each plugin within reach that cannot be used.
model::Vocabulary vocabulary(const learning::RuleLibrary &library, std::vector<std::string> *problems = nullptr);

/// Says on stderr which plugins within reach cannot be used.
void tell_left_out(const std::vector<std::string> &problems);

/// A model that has been checked. The tables of rules were read in a process of their own: no rule's code is in this
/// one.
struct ReadModel {
  model::Vocabulary words; ///< the rules by name, then those that the model names by path
  model::Model model;
  input::Places places;              ///< where its values stand
  std::vector<std::string> left_out; ///< what is wrong with plugins within reach that cannot be used
  std::vector<std::string> foreign;  ///< the rules that the model names by path
};

/// Errors: input::InputError (exit 2), learning::PluginError (exit 1). Says on stderr, before it reads it, which rule
/// is not an installed one.
ReadModel read_model(const Context &context, const std::string &file, const model::LoadOptions &options);

/// A model with the plugins that it names, by path or by name, opened in this process.
struct LoadedModel {
  learning::RuleLibrary library;
  model::Model model;
  input::Places places;                   ///< where its values stand
  std::vector<const engram_rule *> rules; ///< of each of model.rules
};

/// Errors and words as of read_model().
LoadedModel load_model(const Context &context, const std::string &file, const model::LoadOptions &options);

} // namespace engram::cli
