// Commands print through these functions: results on stdout, all else on stderr. No text from a file can command the
// terminal.
#pragma once

#include "data/json_text.hpp"

#include <string_view>

namespace engram::cli {

/// Makes stdout and stderr usable where the shell closed them, so that no file that is opened later takes their place.
/// Call it first.
void open_output();

/// Text for stdout, with its line ends. What is not printable becomes '?' (data/printable.hpp).
void print(std::string_view text);
/// One JSON value and a line end, for stdout.
template <class Json> void print_json(const Json &json, int indent = -1) {
  print(data::json_text(json, indent) + "\n");
}

/// Sends out what was printed so far.
void flush_output();

/// Lines for stderr; a line end follows. Never throws: what cannot be said ends no work.
void say(std::string_view text) noexcept;

/// From now on print() and say() do nothing: another rank tells it. `whose`, where it is not empty: they speak again,
/// and each line begins with it.
void silence(bool silent, std::string_view whose = "");
bool is_silent();

/// Brings stdout to its end. Returns `code`; where something of stdout was lost, Exit::failed, and says so on stderr. A
/// pipe whose reader has gone is no fault that is told.
int finish_output(int code);

} // namespace engram::cli
