// What long work says on stderr: one line that moves on a terminal, whole lines in a log.
#pragma once

#include <chrono>
#include <string>

namespace engram::cli {

class StatusLine {
public:
  explicit StatusLine(bool quiet);
  /// Is there a terminal, and is it time to show something new there?
  bool due();
  /// Replaces the moving line.
  void show(const std::string &text);
  /// A line that stays.
  void say(const std::string &text);
  /// Ends the moving line, so that other text can follow.
  void clear();

private:
  bool quiet_, terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

} // namespace engram::cli
