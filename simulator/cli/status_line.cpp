#include "cli/status_line.hpp"

#include "cli/output.hpp"

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace engram::cli {

namespace {

// Asked each time: a terminal may change its width.
std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

// The first `columns` characters of UTF-8.
std::string cut(const std::string &text, std::size_t columns) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && ++characters > columns) return text.substr(0, at);
  return text;
}

} // namespace

StatusLine::StatusLine(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), last_(std::chrono::steady_clock::now()), said_(last_) {}

bool StatusLine::due() {
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || !terminal_ || now - last_ < std::chrono::milliseconds(100)) return false;
  last_ = now;
  return true;
}

bool StatusLine::log_due() {
  if (quiet_ || terminal_ || std::chrono::steady_clock::now() - said_ < patience_) return false;
  patience_ = std::min(2 * patience_, std::chrono::seconds(60));
  return true;
}

void StatusLine::show(const std::string &text) {
  // One column less: in the last one some terminals begin a new line.
  std::fprintf(stderr, "\r\033[K%s", cut(data::printable_line(text), terminal_width() - 1).c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void StatusLine::say(const std::string &text) {
  clear();
  said_ = std::chrono::steady_clock::now();
  if (!quiet_) cli::say(text);
}

void StatusLine::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

} // namespace engram::cli
