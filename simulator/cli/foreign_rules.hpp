// This tells the user when code of a rule runs that did not come with engram.
#pragma once

#include "cli/context.hpp"

#include <string>

namespace engram::cli {

enum class Runs {
  apart,     ///< in a process of its own, to read a table
  in_program ///< in this program
};

/// Says on stderr, once for each file and kind, that the rule's code runs, unless it is in a folder of installed rules.
void tell_foreign_rule(const Context &context, const std::string &file, Runs runs);

} // namespace engram::cli
