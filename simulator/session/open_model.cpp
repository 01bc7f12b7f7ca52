#include "session/open_model.hpp"

#include "dynamics/circuit_dynamics.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "learning/learning_rate.hpp"
#include "learning/optimizer.hpp"
#include "network/patterns.hpp"
#include "task/objective.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace engram::session {

namespace {

// Adds the words of plugins to those of engram; a name that engram has itself is a problem. Returns those added.
template <class Word, class Info>
std::vector<Info> add_own(std::vector<Info> plugins, const char *kind, std::vector<Word> &words,
                          std::vector<std::string> &problems) {
  std::vector<Info> added;
  for (auto &own : plugins) {
    const auto has_name = [&](const Word &one) { return one.name == own.words.name; };
    if (std::any_of(words.begin(), words.end(), has_name)) {
      problems.push_back(own.file + ": '" + own.words.name + "' is " + kind +
                         " of engram itself; give yours another name");
      continue;
    }
    words.push_back(own.words);
    added.push_back(std::move(own));
  }
  return added;
}

} // namespace

model::Vocabulary vocabulary(const learning::RuleLibrary &library, std::vector<std::string> *problems,
                             task::TaskEntries *task) {
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
  add_own(std::move(plugins.dynamics), "a dynamics", words.dynamics, plugins.problems);
  const auto terms = add_own(std::move(plugins.objectives), "a term", words.objectives, plugins.problems);
  const auto places = add_own(std::move(plugins.environments), "an environment", words.environments, plugins.problems);
  if (task) {
    *task = task::task_entries();
    for (const auto &term : terms) task->objectives.push_back(task::entry_in_words(term));
    for (const auto &place : places) task->environments.push_back(task::entry_in_words(place));
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
    if (!problem.message.starts_with("unknown")) return false;
    const bool of_type =
        problem.pointer.ends_with("/type") || problem.pointer == "/objective" || problem.pointer == "/task/environment";
    return (problem.pointer.starts_with("/learning/rules/") && problem.pointer.ends_with("/plugin")) ||
           (of_type &&
            (problem.pointer.starts_with("/objective") || problem.pointer.starts_with("/task/environment"))) ||
           (problem.pointer.starts_with("/architecture/regions/") &&
            (problem.pointer.ends_with("/dynamics") || problem.pointer.ends_with("/dynamics/type")));
  };
  if (listener.plugin_wrong && std::any_of(error.problems().begin(), error.problems().end(), of_plugin))
    listener.plugin_wrong(library.searched());
}

// A plugin that the model names by its path: that path is its name.
void add_named(const learning::RuleLibrary &library, const model::PluginFile &plugin, ReadModel &read) {
  const auto add = [&](auto info, auto &words, auto &entries) {
    info.words.name = plugin.path;
    words.push_back(info.words);
    entries.push_back(task::entry_in_words(info));
  };
  switch (plugin.kind) {
  case model::PluginKind::rule: {
    auto info = library.info(plugin.path);
    info.file = plugin.path;
    read.words.rules.push_back(std::move(info));
    break;
  }
  case model::PluginKind::dynamics: {
    auto dynamics = library.dynamics_info(plugin.path).words;
    dynamics.name = plugin.path;
    read.words.dynamics.push_back(std::move(dynamics));
    break;
  }
  case model::PluginKind::objective:
    add(library.objective_info(plugin.path), read.words.objectives, read.task.objectives);
    break;
  case model::PluginKind::environment:
    add(library.environment_info(plugin.path), read.words.environments, read.task.environments);
    break;
  }
}

ReadModel read_checked(const learning::RuleLibrary &library, const std::string &file,
                       const model::LoadOptions &overrides, const Folders &folders, const Listener &listener,
                       Runs runs) {
  ReadModel read;
  read.words = vocabulary(library, &read.left_out, &read.task);
  std::vector<input::Problem> wrong;
  for (auto &plugin : model::plugin_files(file, overrides)) {
    try {
      library.find(plugin.path);
      tell_foreign(folders, listener, plugin.path, runs);
      add_named(library, plugin, read);
    } catch (const learning::PluginError &error) {
      plugin.at.message = error.what();
      wrong.push_back(std::move(plugin.at));
    }
    if (plugin.kind == model::PluginKind::rule) read.foreign.push_back(std::move(plugin.path));
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

namespace {

template <class Entry> bool has_entry(const std::vector<Entry> &entries, const std::string &type) {
  return std::any_of(entries.begin(), entries.end(), [&](const Entry &one) { return one.words.name == type; });
}

// The terms of the objective that are plugins.
void open_terms(LoadedModel &loaded, const Folders &folders, const Listener &listener) {
  for (const auto *term : model::terms_of(loaded.model)) {
    if (has_entry(loaded.task.objectives, term->type)) continue;
    tell_foreign(folders, listener, loaded.library.find(term->type), Runs::in_program);
    const auto &table = loaded.library.load_objective(term->type);
    auto info = learning::objective_info_of(table, "");
    info.words.name = term->type;
    loaded.task.objectives.push_back(task::entry_of_plugin(table, info));
  }
}

void open_environment(LoadedModel &loaded, const Folders &folders, const Listener &listener) {
  const auto &environment = loaded.model.task.environment;
  const auto &type = environment.kind.type;
  if (!environment.given() || has_entry(loaded.task.environments, type)) return;
  tell_foreign(folders, listener, loaded.library.find(type), Runs::in_program);
  const auto &table = loaded.library.load_environment(type);
  auto info = learning::environment_info_of(table, "");
  info.words.name = type;
  loaded.task.environments.push_back(task::entry_of_plugin(table, info));
}

} // namespace

LoadedModel load_model(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
                       const Listener &listener) {
  LoadedModel loaded{
      learning::RuleLibrary(folders.plugins), {}, {}, {}, dynamics::dynamics_entries(), task::task_entries()};
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
  open_terms(loaded, folders, listener);
  open_environment(loaded, folders, listener);
  return loaded;
}

} // namespace engram::session
