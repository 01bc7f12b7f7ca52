// These functions read the methods of a comparison file and of the command line by the words of their entries.
#pragma once

#include "input/document.hpp"
#include "recordings/config.hpp"

#include <string>

namespace engram::recordings {

/// The JSON Schema of one of the file's methods: its name, or an object with its settings.
input::Json method_schema(const MethodEntries &entries);

/// A method that fits that schema; adds what is wrong with settings that do not go together.
Method read_method(const input::Json &value, const std::string &pointer, const MethodEntries &entries,
                   input::Problems &problems);

/// "rsa:RDM:BY:NOISE:RESAMPLE": the order in which its settings may follow a method's name. The name alone where it
/// has none.
std::string settings_order(const MethodEntry &entry);

/// A line for each method, and how their settings are written.
std::string methods_help(const MethodEntries &entries);

} // namespace engram::recordings
