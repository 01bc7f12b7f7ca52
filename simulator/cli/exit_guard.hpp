// Only main() may end this program with success. A rule that calls exit() is named, and the results so far are saved.
#pragma once

#include <functional>
#include <string>

namespace engram::cli {

/// While one lives, exit(), quick_exit() and _exit() by code that runs in this program (a rule's) end it with code 1
/// and a line that names the rule. When a callback of a rule did it, `save` is called before, of the newest guard that
/// has one; it returns where the results are, for the end of the line. It runs in the thread of that callback, while
/// other callbacks of the same rule may still be running, and nothing else of the simulator. Guards live on the stack.
/// Handlers run in the order opposite to that in which they were registered, so a guard whose `save` needs a library is
/// made after that library registered its own.
class ExitGuard {
public:
  explicit ExitGuard(std::function<std::string()> save = {});
  ~ExitGuard();
  ExitGuard(const ExitGuard &) = delete;
  ExitGuard &operator=(const ExitGuard &) = delete;

  /// Handles such an end. Returns when there is no guard any more.
  static void ended();

private:
  std::function<std::string()> save_;
  ExitGuard *before_ = nullptr;
};

} // namespace engram::cli
