#include "data/line_source.hpp"

#include <algorithm>

namespace engram::data {

bool LineSource::fill() {
  if (ended_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + std::max(block_, kept)); // a line of any length is read in a few steps
  const auto room = std::as_writable_bytes(std::span(buffer_)).subspan(kept);
  const std::size_t got = source_(room);
  buffer_.resize(kept + got);
  ended_ = got < room.size();
  zero_byte_ = zero_byte_ || buffer_.find('\0', kept) != std::string::npos;
  if (number_ == 0 && kept == 0 && buffer_.starts_with("\xef\xbb\xbf")) at_ = 3;
  return true;
}

bool LineSource::next(std::string_view &line) {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find_first_of("\r\n", searched);
    // A \r at the end of what is here may be the first half of \r\n.
    const bool whole = end != std::string::npos && (buffer_[end] == '\n' || end + 1 < buffer_.size() || ended_);
    if (!whole) {
      searched = end == std::string::npos ? buffer_.size() : end;
      const std::size_t before = searched - at_;
      if (fill()) {
        searched = std::max(at_, before); // what was kept stands at the front now
        continue;
      }
    }
    if (!whole && at_ >= buffer_.size()) return false;
    const std::size_t stop = std::min(end, buffer_.size());
    line = std::string_view(buffer_).substr(at_, stop - at_);
    const bool two = stop + 1 < buffer_.size() && buffer_[stop] == '\r' && buffer_[stop + 1] == '\n';
    at_ = std::min(stop + (two ? 2 : 1), buffer_.size());
    ++number_;
    return true;
  }
}

bool holds_something(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] != '#';
}

} // namespace engram::data
