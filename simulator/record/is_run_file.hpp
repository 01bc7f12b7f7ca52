// is_run_file() tells a run file of engram from any other file.
#pragma once

#include <string>

namespace engram::record {

/// Can `path` be opened as a file that a run wrote? Reads in a process of its own, since the file may be damaged, and
/// asks for no lock. False for what is no regular file. Errors: std::system_error where no process could be started.
bool is_run_file(const std::string &path);

} // namespace engram::record
