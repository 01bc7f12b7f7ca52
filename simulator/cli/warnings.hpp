// This prints the warnings of a model file: it can be run, but may not say what its author means.
#pragma once

#include <string>
#include <vector>

namespace engram::cli {

/// Prints each line on stderr; a run goes on.
void print_warnings(const std::vector<std::string> &lines);

} // namespace engram::cli
