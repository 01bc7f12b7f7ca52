// parse_message() explains what is wrong with a command line.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
} // namespace CLI

namespace engram::cli {

/// One line: the unknown option or command with the nearest that there is, what is missing, or what is too much.
std::string parse_message(const CLI::App &app, const CLI::ParseError &error);

} // namespace engram::cli
