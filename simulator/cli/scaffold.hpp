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
/// The CMakeLists.txt that builds a plugin from its source.
ScaffoldFile cmake_file(const std::string &name, const std::string &source);

/// A rule that builds and learns as it is (the delta rule), for its author to change. `name` is an identifier.
std::vector<ScaffoldFile> scaffold(const std::string &name);
/// The same for the dynamics of a neuron (a rate with adaptation).
std::vector<ScaffoldFile> scaffold_dynamics(const std::string &name);
/// The same for a term of the objective (the logarithm of the hyperbolic cosine of the error).
std::vector<ScaffoldFile> scaffold_objective(const std::string &name);
/// The same for an environment (guess which of two lights was on, after a delay).
std::vector<ScaffoldFile> scaffold_environment(const std::string &name);

} // namespace engram::cli
