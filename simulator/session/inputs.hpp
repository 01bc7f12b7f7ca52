// Inputs are what a run reads beside its model: files, data sets and plugins. A run that is resumed must find the same.
#pragma once

#include "session/session.hpp"

#include <string>

namespace engram::session {

/// A JSON object: checksums (64 bits, against accidents) of the files that the model names, by path; of the data set,
/// by name; and of the plugins, by name or path. A folder counts with all files in it.
std::string inputs_of(const Session &session);

/// In words, the first of what differs between two texts of inputs_of(); "" where nothing does.
std::string changed_input(const std::string &then, const std::string &now);

} // namespace engram::session
