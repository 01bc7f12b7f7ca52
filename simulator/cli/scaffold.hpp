// scaffold() and scaffold_dynamics() write the files of a new plugin, with which `engram new` begins.
#pragma once

#include <string>
#include <vector>

namespace engram::cli {

struct ScaffoldFile {
  std::string name, text;
};

/// A rule that builds and learns as it is (the delta rule), for its author to change. `name` is an identifier.
std::vector<ScaffoldFile> scaffold(const std::string &name);
/// The same for the dynamics of a neuron (a rate with adaptation).
std::vector<ScaffoldFile> scaffold_dynamics(const std::string &name);

} // namespace engram::cli
