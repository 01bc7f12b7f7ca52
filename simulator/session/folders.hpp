// The caller of a session hands in Folders, where files are looked for, and a Listener, who is told while a model is
// opened.
#pragma once

#include "data/dataset.hpp"

#include <functional>
#include <string>
#include <vector>

namespace engram::session {

/// Where rules and data sets are looked for. Besides these folders only those that the user's environment names are
/// searched: $ENGRAM_PLUGIN_PATH before `plugins`, $ENGRAM_DATA and the user's cache folder after `data`.
struct Folders {
  std::vector<std::string> plugins; ///< of installed rules
  data::DatasetFolders data;
};

/// Where the code of a rule runs.
enum class Runs {
  apart,     ///< in a process of its own, to read a table
  in_program ///< in this program
};

/// Hears what cannot wait until a model is open. Each function may be empty.
struct Listener {
  /// A rule that is in none of Folders::plugins is about to run. Told each time, before its table is read and before it
  /// is opened.
  std::function<void(const std::string &file, Runs runs)> foreign_rule;
  /// The model is wrong, and these plugins within reach cannot be used, a line for each: one may be the cause.
  std::function<void(const std::vector<std::string> &problems)> left_out;
  /// The model is wrong in the name of a plugin; "looked in A, B" says where plugins are looked for.
  std::function<void(const std::string &searched)> plugin_wrong;
};

} // namespace engram::session
