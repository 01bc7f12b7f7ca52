// run_program() runs another program and waits for it, without a shell.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engram::data {

/// Runs `words[0]`, looked for in $PATH, in the folder `folder`, with nothing to read; what it prints goes to the file
/// `log`. Returns its exit status (128 + signal when a signal ended it), or nothing when there is no such program.
/// Errors: DataError or std::system_error when the system cannot start it.
std::optional<int> run_program(const std::vector<std::string> &words, const std::string &folder,
                               const std::string &log);

} // namespace engram::data
