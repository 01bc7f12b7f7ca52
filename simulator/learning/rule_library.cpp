#include "learning/rule_library.hpp"

#include "input/nearest.hpp"
#include "learning/read_tables.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
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

std::string RuleLibrary::find(const std::string &word) const {
  std::error_code error;
  if (is_path(word)) {
    if (!fs::exists(word, error)) throw RuleNotFound(word + ": no such file");
    return word;
  }
  std::set<std::string> names;
  for (const auto &folder : folders_) {
    const auto file = fs::path(folder) / (word + ".so");
    if (fs::exists(file, error)) return file.string();
    for (const auto &other : shared_objects(folder)) names.insert(other.stem().string());
  }
  throw RuleNotFound(fmt::format("{} ({})", input::unknown("rule", word, {names.begin(), names.end()}), searched()));
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

} // namespace

const engram_rule &RuleLibrary::load(const std::string &word) {
  const auto file = find(word);
  const auto &table = open_once(file, loaded_);
  if (!is_path(word)) check_name(table.name, file);
  return table;
}

const engram_dynamics &RuleLibrary::load_dynamics(const std::string &word) {
  const auto file = find(word);
  const auto &table = open_once(file, loaded_dynamics_);
  if (!is_path(word)) check_name(table.name, file);
  return table;
}

model::RuleInfo RuleLibrary::info(const std::string &word) const {
  auto read = usable(std::move(read_tables({find(word)}).front()));
  if (read.is_dynamics) throw PluginError(read.file + ": is not a learning rule: it holds the dynamics of neurons");
  if (!is_path(word)) check_name(read.info.name, read.file);
  return std::move(read.info);
}

dynamics::DynamicsInfo RuleLibrary::dynamics_info(const std::string &word) const {
  auto read = usable(std::move(read_tables({find(word)}).front()));
  if (!read.is_dynamics) throw PluginError(read.file + ": is not the dynamics of neurons: it holds a learning rule");
  if (!is_path(word)) check_name(read.dynamics.words.name, read.file);
  return std::move(read.dynamics);
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
      check_name(read.is_dynamics ? read.dynamics.words.name : read.info.name, read.file);
      if (read.is_dynamics)
        out.dynamics.push_back(std::move(read.dynamics));
      else
        out.rules.push_back(std::move(read.info));
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
