// Lines for what a model file says and may not mean.
#pragma once

#include <string>
#include <vector>

namespace engram::cli {

/// Prints each line on stderr; a run goes on.
void print_warnings(const std::vector<std::string> &lines);

} // namespace engram::cli
