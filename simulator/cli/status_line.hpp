// Long work reports on stderr through a StatusLine: one line that is redrawn on a terminal, or whole lines in a log.
#pragma once

#include <chrono>
#include <string>

namespace engram::cli {

class StatusLine {
public:
  explicit StatusLine(bool quiet);
  /// So that an error, which is told when the work has been left, has a line of its own.
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine &) = delete;
  StatusLine &operator=(const StatusLine &) = delete;
  bool on_terminal() const { return terminal_ && !quiet_; }
  /// Is there a terminal, and is it time to show something new there?
  bool due();
  /// Is there no terminal, and is it time for a line in the log? First after 5 s without one, then ever more rarely, up
  /// to once a minute.
  bool log_due();
  /// Replaces the moving line; what is wider than the terminal is cut off.
  void show(const std::string &text);
  /// A line that stays.
  void say(const std::string &text);
  /// Ends the moving line, so that other text can follow.
  void clear();

private:
  bool quiet_, terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_, said_;
  std::chrono::seconds patience_{5};
};

} // namespace engram::cli
