#include "session/open_model.hpp"

#include "dynamics/circuit_dynamics.hpp"
#include "dynamics/plugin_dynamics.hpp"
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
  auto plugins = library.all();
  words.rules = std::move(plugins.rules);
  for (auto &own : plugins.dynamics) {
    const auto has_name = [&](const model::Dynamics &one) { return one.name == own.words.name; };
    if (std::none_of(words.dynamics.begin(), words.dynamics.end(), has_name))
      words.dynamics.push_back(std::move(own.words));
    else
      plugins.problems.push_back(own.file + ": '" + own.words.name +
                                 "' is a dynamics of engram itself; give yours another name");
  }
  if (problems != nullptr) problems->insert(problems->end(), plugins.problems.begin(), plugins.problems.end());
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
    return (problem.pointer.starts_with("/learning/rules/") && problem.pointer.ends_with("/plugin")) ||
           (problem.pointer.starts_with("/architecture/regions/") &&
            (problem.pointer.ends_with("/dynamics") || problem.pointer.ends_with("/dynamics/type")));
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
      if (plugin.is_dynamics) {
        auto dynamics = library.dynamics_info(plugin.path).words;
        dynamics.name = plugin.path;
        read.words.dynamics.push_back(std::move(dynamics));
      } else {
        auto info = library.info(plugin.path);
        info.file = plugin.path;
        read.words.rules.push_back(std::move(info));
      }
    } catch (const learning::PluginError &error) {
      plugin.at.message = error.what();
      wrong.push_back(std::move(plugin.at));
    }
    if (!plugin.is_dynamics) read.foreign.push_back(std::move(plugin.path));
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

dynamics::DynamicsEntries entries_in_words(const model::Vocabulary &words) {
  dynamics::DynamicsEntries out;
  for (const auto &one : words.dynamics) {
    dynamics::DynamicsEntry entry;
    entry.words = one;
    out.push_back(std::move(entry));
  }
  return out;
}

LoadedModel load_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                       const Listener &listener) {
  LoadedModel loaded{learning::RuleLibrary(folders.plugins), {}, {}, {}, dynamics::dynamics_entries()};
  auto read = read_checked(loaded.library, file, overrides, folders, listener, Runs::in_program);
  loaded.model = std::move(read.model);
  loaded.places = std::move(read.places);
  for (const auto &rule : loaded.model.rules) {
    tell_foreign(folders, listener, loaded.library.find(rule.plugin), Runs::in_program);
    loaded.rules.push_back(&loaded.library.load(rule.plugin));
  }
  for (const auto &region : loaded.model.regions) {
    const auto &type = region.dynamics.type;
    const auto is_it = [&](const dynamics::DynamicsEntry &entry) { return entry.words.name == type; };
    if (std::any_of(loaded.dynamics.begin(), loaded.dynamics.end(), is_it)) continue;
    tell_foreign(folders, listener, loaded.library.find(type), Runs::in_program);
    loaded.dynamics.push_back(dynamics::entry_of_plugin(loaded.library.load_dynamics(type), type));
  }
  return loaded;
}

} // namespace engram::session
