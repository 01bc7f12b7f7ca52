// scaffold() writes the files of a new learning rule, with which `engram new-rule` begins.
#pragma once

#include <string>
#include <vector>

namespace engram::cli {

struct ScaffoldFile {
  std::string name, text;
};

/// A rule that builds and learns as it is (the delta rule), for its author to change. `name` is an identifier.
std::vector<ScaffoldFile> scaffold(const std::string &name);

} // namespace engram::cli
