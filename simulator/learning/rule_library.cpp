#include "learning/rule_library.hpp"

#include "learning/rule_table.hpp"
#include "model/nearest.hpp"

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
  throw RuleNotFound(fmt::format("{} (looked in {})", model::unknown("rule", word, {names.begin(), names.end()}),
                                 folders_.empty() ? "no folder" : fmt::format("{}", fmt::join(folders_, ", "))));
}

const engram_rule &RuleLibrary::load_file(const std::string &file) {
  std::error_code error;
  auto key = fs::weakly_canonical(file, error).string();
  if (error) key = file;
  if (const auto known = loaded_.find(key); known != loaded_.end()) return *known->second.table;

  SharedObject object(file);
  void *const symbol = object.find(ENGRAM_ENTRY_POINT);
  if (symbol == nullptr)
    throw PluginError(file + ": is no learning rule: it does not export " ENGRAM_ENTRY_POINT " (ENGRAM_RULE does)");
  const engram_rule *table = nullptr;
  try {
    table = reinterpret_cast<engram_entry_point>(symbol)();
  } catch (...) {
    throw PluginError(file + ": an exception left " ENGRAM_ENTRY_POINT);
  }
  check_table(table, file);
  loaded_.emplace(std::move(key), Loaded{std::move(object), table});
  return *table;
}

const engram_rule &RuleLibrary::load(const std::string &word) {
  const auto file = find(word);
  const auto &table = load_file(file);
  if (!is_path(word) && word != table.name)
    throw PluginError(
        fmt::format("{}: calls itself '{}'; a rule that is found by name has the name of its file", file, table.name));
  return table;
}

model::RuleInfo RuleLibrary::describe(const std::string &word) {
  const auto &table = load(word);
  return learning::describe(table, find(word));
}

std::vector<model::RuleInfo> RuleLibrary::list(std::vector<std::string> *problems) {
  std::set<std::string> names;
  for (const auto &folder : folders_)
    for (const auto &file : shared_objects(folder)) names.insert(file.stem().string());
  std::vector<model::RuleInfo> rules;
  for (const auto &name : names) {
    try {
      rules.push_back(describe(name));
    } catch (const PluginError &error) {
      if (problems != nullptr) problems->emplace_back(error.what());
    }
  }
  return rules;
}

} // namespace engram::learning
