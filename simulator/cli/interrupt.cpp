#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace engram::cli {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);
extern "C" void on_signal(int) { stop_asked = true; }

} // namespace

void catch_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool stop_was_asked() { return stop_asked; }

} // namespace engram::cli
