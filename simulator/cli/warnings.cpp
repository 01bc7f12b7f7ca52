#include "cli/warnings.hpp"

#include "cli/output.hpp"

namespace engram::cli {

void print_warnings(const std::vector<std::string> &lines) {
  for (const auto &line : lines) say(data::printable_line(line));
}

} // namespace engram::cli
