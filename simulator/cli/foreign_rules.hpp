// Code that does not come with engram runs only with a word.
#pragma once

#include "cli/context.hpp"

#include <string>

namespace engram::cli {

enum class Runs {
  apart,     ///< in a process of its own, to read a table
  in_program ///< in this program
};

/// Says on stderr, once for each file and kind, that a rule's code runs which is not one of the installed rules'.
void tell_foreign_rule(const Context &context, const std::string &file, Runs runs);

} // namespace engram::cli
