// output_path() says whether a command may write to a path. A file that is not the command's own is left alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace engram::record {

struct OutputRules {
  std::vector<std::string> inputs; ///< files that the command reads; never overwritten
  bool force = false;              ///< may a file be overwritten that engram did not write?
  std::function<bool(const std::string &)>
      is_ours; ///< did engram write this file? An empty file is nobody's. Without it no other is.
};

/// The absolute path of what `path` names, symbolic links followed: where the file will lie, wherever the program has
/// gone by then. Errors: input::InputError, one line, when it cannot be written, or is a folder, a device, a pipe, an
/// input, write-protected, or a file of somebody else's (the last two unless `force`).
std::string output_path(const std::string &path, const OutputRules &rules);

} // namespace engram::record
