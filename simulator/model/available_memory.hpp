// available_memory() says how much memory this process may take.
#pragma once

#include <string>

namespace engram::model {

struct Memory {
  double bytes = 0;  ///< 0: unknown
  std::string limit; ///< what sets it: "of RAM", "left by ulimit -v", …
};

/// The least of what the machine has, of what is left of the limits of this process (RLIMIT_AS, RLIMIT_DATA), and of
/// the limits of the control groups that it is in (version 1 and 2, with the groups above them). `root`: where /proc
/// and /sys are looked for.
Memory available_memory(const std::string &root = "");

/// Address space that the process has taken, in bytes; 0 when unknown.
double address_space_in_use();

} // namespace engram::model
