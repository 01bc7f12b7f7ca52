// Text files that are whole or not there.
#pragma once

#include <string>

namespace engram::cli {

/// Makes the folder, and those above it. Errors: model::InputError when it cannot be written to.
void prepare_folder(const std::string &folder);
/// Writes beside, then renames. Errors: std::runtime_error.
void write_text(const std::string &path, const std::string &text);

} // namespace engram::cli
