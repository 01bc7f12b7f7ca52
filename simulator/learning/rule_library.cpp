#include "learning/rule_library.hpp"

#include "input/nearest.hpp"
#include "learning/read_tables.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <utility>

namespace engram::learning {
namespace fs = std::filesystem;
namespace {

bool is_path(const std::string &word) { return word.find('/') != std::string::npos || word.ends_with(".so"); }

// The .so files of a folder, sorted; none when it cannot be read.
std::vector<fs::path> shared_objects(const std::string &folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".so") files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  return files;
}

// The names of the plugins of a kind, or of all.
std::vector<std::string> names_of(const Plugins &plugins, std::string_view what) {
  std::vector<std::string> names;
  const auto take = [&](std::string_view kind, const auto &list, auto name) {
    if (what == kind || what == "plugin")
      for (const auto &one : list) names.push_back(name(one));
  };
  const auto of_words = [](const auto &one) { return one.words.name; };
  take("rule", plugins.rules, [](const auto &one) { return one.name; });
  take("dynamics", plugins.dynamics, of_words);
  take("objective", plugins.objectives, of_words);
  take("environment", plugins.environments, of_words);
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace

RuleLibrary::RuleLibrary(std::vector<std::string> folders) {
  std::string path;
  if (const char *value = std::getenv("ENGRAM_PLUGIN_PATH")) path = value;
  for (std::size_t from = 0; from < path.size();) {
    const auto to = std::min(path.find(':', from), path.size());
    if (to > from) folders_.push_back(path.substr(from, to - from));
    from = to + 1;
  }
  folders_.insert(folders_.end(), std::make_move_iterator(folders.begin()), std::make_move_iterator(folders.end()));
}

std::string RuleLibrary::find(const std::string &word, const char *what) const {
  std::error_code error;
  if (is_path(word)) {
    if (!fs::exists(word, error)) throw RuleNotFound(word + ": no such file");
    return word;
  }
  for (const auto &folder : folders_) {
    const auto file = fs::path(folder) / (word + ".so");
    if (fs::exists(file, error)) return file.string();
  }
  throw RuleNotFound(fmt::format("{} ({})", input::unknown(what, word, names_of(all(), what)), searched()));
}

namespace {

// The table of a file, which is opened once. By canonical path.
template <class Open> const auto &open_once(const std::string &file, std::map<std::string, Open> &loaded) {
  std::error_code error;
  auto key = fs::weakly_canonical(file, error).string();
  if (error) key = file;
  if (const auto known = loaded.find(key); known != loaded.end()) return known->second.table();
  return loaded.emplace(std::move(key), Open(file)).first->second.table();
}

// As it can be used, or PluginError.
TableRead usable(TableRead read) {
  if (!read.problem.empty()) throw PluginError(read.problem);
  return read;
}

// The table of a file, opened in this process, which the library keeps.
template <class Open>
const auto &opened(const std::string &word, const std::string &file, std::map<std::string, Open> &loaded) {
  const auto &table = open_once(file, loaded);
  if (!is_path(word)) check_name(table.name, file);
  return table;
}

// The table of a file, of this kind, read in a process of its own.
TableRead read_as(model::PluginKind kind, const std::string &word, const std::string &file) {
  auto read = usable(std::move(read_tables({file}).front()));
  if (read.kind != kind)
    throw PluginError(read.file + ": is not " + model::words_for(kind) + ": it holds " + model::words_for(read.kind));
  if (!is_path(word)) check_name(read.name(), read.file);
  return read;
}

} // namespace

const engram_rule &RuleLibrary::load(const std::string &word) { return opened(word, find(word), loaded_); }

const engram_dynamics &RuleLibrary::load_dynamics(const std::string &word) {
  return opened(word, find(word, "dynamics"), loaded_dynamics_);
}

const engram_objective &RuleLibrary::load_objective(const std::string &word) {
  return opened(word, find(word, "objective"), loaded_objectives_);
}

const engram_environment &RuleLibrary::load_environment(const std::string &word) {
  return opened(word, find(word, "environment"), loaded_environments_);
}

model::RuleInfo RuleLibrary::info(const std::string &word) const {
  return std::move(read_as(model::PluginKind::rule, word, find(word)).info);
}

dynamics::DynamicsInfo RuleLibrary::dynamics_info(const std::string &word) const {
  return std::move(read_as(model::PluginKind::dynamics, word, find(word, "dynamics")).dynamics);
}

task::ObjectiveInfo RuleLibrary::objective_info(const std::string &word) const {
  return std::move(read_as(model::PluginKind::objective, word, find(word, "objective")).objective);
}

task::EnvironmentInfo RuleLibrary::environment_info(const std::string &word) const {
  return std::move(read_as(model::PluginKind::environment, word, find(word, "environment")).environment);
}

Plugins RuleLibrary::all() const {
  std::map<std::string, std::string> files; // by name: the first in the search
  for (const auto &folder : folders_)
    for (const auto &file : shared_objects(folder)) files.emplace(file.stem().string(), file.string());
  std::vector<std::string> all;
  for (const auto &[name, file] : files) all.push_back(file);
  Plugins out;
  for (auto &table : read_tables(all)) {
    try {
      auto read = usable(std::move(table));
      check_name(read.name(), read.file);
      switch (read.kind) {
      case model::PluginKind::rule:
        out.rules.push_back(std::move(read.info));
        break;
      case model::PluginKind::dynamics:
        out.dynamics.push_back(std::move(read.dynamics));
        break;
      case model::PluginKind::objective:
        out.objectives.push_back(std::move(read.objective));
        break;
      case model::PluginKind::environment:
        out.environments.push_back(std::move(read.environment));
        break;
      }
    } catch (const PluginError &error) {
      out.problems.emplace_back(error.what());
    }
  }
  return out;
}

std::vector<model::RuleInfo> RuleLibrary::list(std::vector<std::string> *problems) const {
  auto found = all();
  if (problems != nullptr) problems->insert(problems->end(), found.problems.begin(), found.problems.end());
  return std::move(found.rules);
}

std::string RuleLibrary::searched() const {
  return folders_.empty() ? "looked in no folder" : fmt::format("looked in {}", fmt::join(folders_, ", "));
}

void check_name(const std::string &name, const std::string &file) {
  if (fs::path(file).stem() != name)
    throw PluginError(
        fmt::format("{}: calls itself '{}'; a plugin that is found by name has the name of its file", file, name));
}

} // namespace engram::learning
