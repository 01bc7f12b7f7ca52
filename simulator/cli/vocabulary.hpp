// The words that a model file may use, gathered from all that is registered and from the plugins within reach.
#pragma once

#include "cli/context.hpp"
#include "learning/rule_library.hpp"
#include "model/load.hpp"
#include "model/vocabulary.hpp"

namespace engram::cli {

/// `problems` receives a line for each plugin within reach that cannot be used.
model::Vocabulary vocabulary(learning::RuleLibrary &library, std::vector<std::string> *problems = nullptr);

/// A model with the plugins that it names, by path or by name.
struct LoadedModel {
  learning::RuleLibrary library;
  model::Model model;
  std::vector<const engram_rule *> rules; ///< of each of model.rules
};

/// Errors: model::InputError (exit 2), learning::PluginError (exit 1).
LoadedModel load_model(const Context &context, const std::string &file, const model::LoadOptions &options);

} // namespace engram::cli
