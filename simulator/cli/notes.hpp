// These functions print what a session tells, as lines on stderr.
#pragma once

#include "session/folders.hpp"

#include <string>
#include <vector>

namespace engram::cli {

/// Prints each line; a run goes on.
void print_lines(const std::vector<std::string> &lines);

/// Says which plugins within reach cannot be used.
void tell_left_out(const std::vector<std::string> &problems);

/// Says what a session tells while it opens a model; of each foreign rule once, however often a command loads it.
session::Listener telling_listener();

} // namespace engram::cli
