#include "cli/interrupt.hpp"

#include "cli/output.hpp"

#include <csignal>
#include <cstdint>
#include <ctime>
#include <unistd.h>

namespace engram::cli {
namespace {

constexpr int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2};
constexpr std::int64_t one_request_ns = 300'000'000;

// A signal handler receives nothing but the signal, so what it reads and writes is global.
std::atomic<bool> stop_asked{false};
std::atomic<std::int64_t> first_ns{0}; // when the first signal came; 0: none has
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Only what is safe in a signal handler.
extern "C" void end_at_once(int) {
  if (is_silent()) ::_exit(1);
  static constexpr char line[] = "engram: interrupted before anything was computed; nothing was written\n";
  if (::isatty(STDERR_FILENO)) [[maybe_unused]]
    const auto cleared = ::write(STDERR_FILENO, "\r\033[K", 4);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line, sizeof line - 1);
  ::_exit(1);
}

extern "C" void remember(int signal) {
  const std::int64_t now = now_ns();
  std::int64_t first = 0;
  if (first_ns.compare_exchange_strong(first, now)) { // in one step: another thread may be in here too
    stop_asked = true;
    return;
  }
  // The kernel repeats SIGXCPU every second, and batch systems repeat theirs: nobody has lost patience.
  if (signal == SIGXCPU || signal == SIGUSR1 || signal == SIGUSR2 || now - first < one_request_ns) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal); // acts as this handler returns
}

void handle(void (*handler)(int)) {
  for (const int signal : ending_signals) {
    struct sigaction before {
    }, action{};
    if (signal == SIGHUP && ::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    for (const int other : ending_signals) ::sigaddset(&action.sa_mask, other);
    ::sigaction(signal, &action, nullptr);
  }
}

} // namespace

void let_writes_fail() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void end_on_signals() { handle(end_at_once); }
void remember_signals() { handle(remember); }
const std::atomic<bool> &stop_flag() { return stop_asked; }
bool stop_was_asked() { return stop_asked; }

} // namespace engram::cli
