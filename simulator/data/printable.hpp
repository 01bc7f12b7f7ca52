// Text from a file as it may stand in a message of one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engram::data {

/// At most `limit` bytes, control characters as '?', '…' for what is left out.
std::string printable(std::string_view text, std::size_t limit = 40);

/// The same between single quotes.
std::string quoted(std::string_view text);

/// "a, b, c"; at most 12 of them.
std::string printable_list(const std::vector<std::string> &words);

} // namespace engram::data
