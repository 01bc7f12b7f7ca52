// write_whole() writes a file that is either whole or absent.
#pragma once

#include <string>
#include <string_view>

namespace engram::record {

/// Writes `bytes` beside `path`, under a name of its own, then gives them that name. What was there is replaced.
/// Errors: Failed, one line that begins with the path; what was there is then as it was.
void write_whole(const std::string &path, std::string_view bytes);

} // namespace engram::record
