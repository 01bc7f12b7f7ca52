#include "cli/warnings.hpp"

#include <cstdio>

namespace engram::cli {

void print_warnings(const std::vector<std::string> &lines) {
  for (const auto &line : lines) std::fprintf(stderr, "%s\n", line.c_str());
}

} // namespace engram::cli
