#include "cli/status_line.hpp"

#include "cli/output.hpp"

#include <cstdio>
#include <unistd.h>

namespace engram::cli {

StatusLine::StatusLine(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), last_(std::chrono::steady_clock::now()) {}

bool StatusLine::due() {
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || !terminal_ || now - last_ < std::chrono::milliseconds(100)) return false;
  last_ = now;
  return true;
}

void StatusLine::show(const std::string &text) {
  std::fprintf(stderr, "\r\033[K%s", data::printable_line(text).c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void StatusLine::say(const std::string &text) {
  clear();
  if (!quiet_) cli::say(text);
}

void StatusLine::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

} // namespace engram::cli
