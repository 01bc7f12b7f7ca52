// scaffold() and the functions beside it write the files of a new plugin, with which `engram new` begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engram::cli {

struct ScaffoldFile {
  std::string name, text;
};

/// The text with every `mark` replaced.
std::string replaced(std::string text, std::string_view mark, const std::string &by);
/// What tells one kind of plugin from another.
struct ScaffoldKind {
  const char *source; ///< the file: "rule.cpp"
  const char *text;   ///< of it
  const char *about;  ///< the first sentence of the README
  const char *list;   ///< the command that describes one: "rules"
  const char *model;  ///< text of model.json
};
/// The files of a plugin of this kind. In its texts @NAME@ stands for the name.
std::vector<ScaffoldFile> scaffold_of(const ScaffoldKind &kind, const std::string &name);

/// A rule that builds and learns as it is (the delta rule), for its author to change. `name` is an identifier.
std::vector<ScaffoldFile> scaffold(const std::string &name);
/// The same for the dynamics of a neuron (a rate with adaptation).
std::vector<ScaffoldFile> scaffold_dynamics(const std::string &name);
/// The same for a term of the objective (the logarithm of the hyperbolic cosine of the error).
std::vector<ScaffoldFile> scaffold_objective(const std::string &name);
/// The same for an environment (guess which of two lights was on, after a delay).
std::vector<ScaffoldFile> scaffold_environment(const std::string &name);

} // namespace engram::cli
