// Lines walks over the lines of a text with columns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace engram::data {

/// Walks over the lines that hold something: no blank ones, no comments. A line ends with \n, \r\n or \r.
class Lines {
public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3); // byte-order mark
  }

  /// False when there are no more.
  bool next(std::string_view &line) {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find_first_of("\r\n"), rest_.size());
      line = rest_.substr(0, end);
      const bool two = rest_.substr(end).starts_with("\r\n");
      rest_.remove_prefix(std::min(end + (two ? 2 : 1), rest_.size()));
      ++number_;
      const std::size_t first = line.find_first_not_of(" \t");
      if (first == std::string_view::npos) continue;
      if (line[first] != '#') return true;
      comment_ = line.substr(first + 1);
    }
    return false;
  }

  std::string_view comment() const { return comment_; } ///< the last one so far, without its #; "" where there is none

  std::size_t number() const { return number_; } ///< of the last line, from 1

private:
  std::string_view rest_, comment_;
  std::size_t number_ = 0;
};

} // namespace engram::data
