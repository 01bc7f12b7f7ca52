// These functions make text from a file or the command line safe to print in a message on a terminal.
//
// A terminal obeys escape sequences, and shows text that changes its direction in another order than it is stored. So
// these become '?': control characters (C0, DEL, C1), bytes that are no UTF-8, and characters that set the direction of
// text, separate lines or paragraphs, are invisible, or are none (noncharacters, as U+FFFF, which XML refuses too).
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace engram::data {

/// One line of at most `limit` bytes, '…' for what is left out.
std::string printable(std::string_view text, std::size_t limit = 40);

/// One line, however long.
inline std::string printable_line(std::string_view text) {
  return printable(text, std::numeric_limits<std::size_t>::max());
}

/// The same of several lines: line ends stay.
std::string printable_lines(std::string_view text);

/// JSON text as a serializer wrote it: what is not printable is written as \uXXXX, which means the same.
std::string printable_json(std::string_view json);

/// printable() between single quotes.
std::string quoted(std::string_view text);

/// "a, b, c"; at most 12 of them.
std::string printable_list(const std::vector<std::string> &words);

/// A cell of a csv file (RFC 4180), of printable characters. A text that spreadsheets take for a formula, for it begins
/// with '=', '+', '-', '@' and is no number, gets a "'" before it.
std::string csv_cell(std::string_view text);

} // namespace engram::data
