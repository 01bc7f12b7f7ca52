// Inputs are what a run reads beside its model: files, data sets and plugins. A run that is resumed must find the same.
#pragma once

#include "session/session.hpp"

#include <filesystem>
#include <string>

namespace engram::session {

/// SHA-256 of a file; of a folder, over the names and checksums of all files in it and in the folders below. "absent"
/// where there is none; "unreadable".
std::string checksum_of(const std::filesystem::path &path);

/// A JSON object: checksums of the files that the model names, by path; of the data set, by name; and of the plugins,
/// by name or path.
std::string inputs_of(const Session &session);

/// In words, the first of what differs between two texts of inputs_of(); "" where nothing does.
std::string changed_input(const std::string &then, const std::string &now);

} // namespace engram::session
