// A RuleLibrary finds learning rules by name or path, and loads them.
#pragma once

#include "learning/open_rule.hpp"
#include "learning/plugin_error.hpp"
#include "model/vocabulary.hpp"

#include <engram/plugin.h>

#include <map>
#include <string>
#include <vector>

namespace engram::learning {

/// The rules within reach, and those loaded so far. Move-only; not for use from several threads at once. A name is
/// looked for as NAME.so in the folders of $ENGRAM_PLUGIN_PATH (parted by colons), then in the caller's; a word
/// with '/' in it, or with the ending .so, is a path.
class RuleLibrary {
public:
  explicit RuleLibrary(std::vector<std::string> folders);

  /// Opens a rule in this process: its checked table, valid as long as the library lives. Errors: PluginError, one
  /// line.
  const engram_rule &load(const std::string &name_or_path);
  /// The table in the model's words, read in a process of its own. Errors: PluginError.
  model::RuleInfo info(const std::string &name_or_path) const;
  /// All rules that can be found by name, by name; of two with one name the first in the search. Their tables are read
  /// in a process of its own. What is wrong with those that cannot be used is added to `problems`, a line for each.
  std::vector<model::RuleInfo> list(std::vector<std::string> *problems = nullptr) const;

  /// The file of a rule. Errors: RuleNotFound.
  std::string find(const std::string &name_or_path) const;
  /// Where names are looked for, in order.
  const std::vector<std::string> &folders() const { return folders_; }
  /// The same in words: "looked in A, B".
  std::string searched() const;

private:
  const engram_rule &load_file(const std::string &file);

  std::vector<std::string> folders_;
  std::map<std::string, OpenRule> loaded_; // by canonical path
};

/// A rule that is found by name has the name of its file. Errors: PluginError.
void check_name(const std::string &name, const std::string &file);

} // namespace engram::learning
