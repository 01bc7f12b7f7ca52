// A setting is the text that --set of a command takes: "/pointer=value".
#pragma once

#include "input/document.hpp"

#include <string>

namespace engram::studies {

/// "/pointer=value"; the value as JSON on one line, in ASCII.
std::string setting_of(const std::string &pointer, const input::Json &value);

/// Is it a JSON pointer (RFC 6901) that a setting may have? Else `why` receives what is wrong.
bool is_pointer(const std::string &text, std::string &why);

/// A value as tables show it: a text without its quotes, all else as JSON on one line.
std::string as_word(const input::Json &value);

/// One word of a command line as a POSIX shell reads it back.
std::string shell_word(const std::string &word);

} // namespace engram::studies
