// This writes the description of a data file as text for a person.
#pragma once

#include "data/node.hpp"

#include <cstddef>
#include <string>

namespace engram::cli {

/// One line for what the file is, what it says of itself, then a tree of `depth` levels, a line for each object.
std::string inspect_text(const data::FileDescription &file, std::size_t depth);

} // namespace engram::cli
