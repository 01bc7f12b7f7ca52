// These checks measure the memory and the time that calls of a rule take.
#pragma once

#include <engram/plugin.h>

#include <string>

namespace engram::conformance {

/// Returns a line about what was seen. Errors: Failure when memory grows from call to call.
std::string leaks(const engram_rule &rule);
/// Time of one update of one synapse in one trial, beside the time that reading and writing its weight takes.
std::string speed(const engram_rule &rule);

} // namespace engram::conformance
