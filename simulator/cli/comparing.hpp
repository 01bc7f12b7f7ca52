// A comparison as a command makes it: with progress on the terminal, and an end within a second of an interrupt.
#pragma once

#include "cli/status_line.hpp"
#include "recordings/comparison.hpp"

#include <memory>
#include <vector>

namespace engram::cli {

/// A comparison that came to its end, or one that an interrupt ended.
struct Compared {
  std::shared_ptr<const recordings::Comparison> found; ///< a thread that is still at work owns it too
  /// Is a thread still at work on a part that nobody waits for? Then the process has to be left by leave_at_once().
  bool busy = false;
};

/// Compares in a thread of its own. Once a stop is asked for (interrupt.hpp), the part that is at work has half a
/// second to end; parts that follow are left out. Errors: those of recordings::compare().
Compared compare_in_sight(const recordings::Config &config, const std::vector<recordings::Area> &circuits,
                          const std::vector<recordings::Area> &recordings, const std::vector<std::string> &notes,
                          int threads, StatusLine &line);

/// Ends the process with this exit code, once stdout has its results, without waiting for other threads.
[[noreturn]] void leave_at_once(int code);

} // namespace engram::cli
