#include "session/open_model.hpp"

#include "dynamics/circuit_dynamics.hpp"
#include "learning/learning_rate.hpp"
#include "learning/optimizer.hpp"
#include "network/patterns.hpp"
#include "task/environment_entry.hpp"
#include "task/objective.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace engram::session {

model::Vocabulary vocabulary(const learning::RuleLibrary &library, std::vector<std::string> *problems) {
  model::Vocabulary words;
  network::add_pattern_words(words);
  dynamics::add_dynamics_words(words);
  task::add_objective_words(words);
  task::add_environment_words(words);
  learning::add_optimizer_words(words);
  learning::add_schedule_words(words);
  for (const auto &set : data::datasets()) words.datasets.push_back({set.name, set.help, set.reference});
  words.rules = library.list(problems);
  return words;
}

namespace {

// Tells of a rule that did not come with engram.
void tell_foreign(const Folders &folders, const Listener &listener, const std::string &file, Runs runs) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto folder = fs::weakly_canonical(file, error).parent_path();
  const bool installed =
      std::any_of(folders.plugins.begin(), folders.plugins.end(), [&](const std::string &installed_rules) {
        std::error_code absent;
        return fs::equivalent(folder, installed_rules, absent);
      });
  if (!installed && listener.foreign_rule) listener.foreign_rule(file, runs);
}

// What is wrong with a model may come from rules that could not be read, or that are elsewhere.
void tell_of_rules(const input::InputError &error, const learning::RuleLibrary &library,
                   const std::vector<std::string> &problems, const Listener &listener) {
  if (listener.left_out) listener.left_out(problems);
  const auto of_plugin = [](const input::Problem &problem) {
    return problem.pointer.starts_with("/learning/rules/") && problem.pointer.ends_with("/plugin");
  };
  if (listener.plugin_wrong && std::any_of(error.problems().begin(), error.problems().end(), of_plugin))
    listener.plugin_wrong(library.searched());
}

ReadModel read_checked(const learning::RuleLibrary &library, const std::string &file,
                       const model::LoadOptions &overrides, const Folders &folders, const Listener &listener,
                       Runs runs) {
  ReadModel read;
  read.words = vocabulary(library, &read.left_out);
  std::vector<input::Problem> wrong;
  for (auto &plugin : model::plugin_files(file, overrides)) {
    try {
      library.find(plugin.path);
      tell_foreign(folders, listener, plugin.path, runs);
      auto info = library.info(plugin.path);
      info.file = plugin.path;
      read.words.rules.push_back(std::move(info));
    } catch (const learning::PluginError &error) {
      plugin.at.message = error.what();
      wrong.push_back(std::move(plugin.at));
    }
    read.foreign.push_back(std::move(plugin.path));
  }
  if (!wrong.empty()) throw input::InputError(wrong);
  try {
    read.model = model::load(file, read.words, overrides, &read.places);
  } catch (const input::InputError &error) {
    tell_of_rules(error, library, read.left_out, listener);
    throw;
  }
  return read;
}

} // namespace

ReadModel read_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                     const Listener &listener) {
  return read_checked(learning::RuleLibrary(folders.plugins), file, overrides, folders, listener, Runs::apart);
}

LoadedModel load_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                       const Listener &listener) {
  LoadedModel loaded{learning::RuleLibrary(folders.plugins), {}, {}, {}};
  auto read = read_checked(loaded.library, file, overrides, folders, listener, Runs::in_program);
  loaded.model = std::move(read.model);
  loaded.places = std::move(read.places);
  for (const auto &rule : loaded.model.rules) {
    tell_foreign(folders, listener, loaded.library.find(rule.plugin), Runs::in_program);
    loaded.rules.push_back(&loaded.library.load(rule.plugin));
  }
  return loaded;
}

} // namespace engram::session
