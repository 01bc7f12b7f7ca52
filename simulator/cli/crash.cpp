#include "cli/crash.hpp"

#include "error/in_plugin.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <unistd.h>

namespace engram::cli {
namespace {

struct Crash {
  int signal;
  std::string_view name;
};
constexpr Crash crashes[] = {{SIGSEGV, "SIGSEGV: it reads or writes memory that is not its own"},
                             {SIGBUS, "SIGBUS: it reads or writes memory that is not there"},
                             {SIGFPE, "SIGFPE: it divides a whole number by 0"},
                             {SIGILL, "SIGILL: its code is not for this processor, or is damaged"},
                             {SIGABRT, "SIGABRT: it called abort()"}};

// One line, put together without what a signal handler may not call.
class Line {
public:
  void add(std::string_view text) {
    for (const char c : text)
      if (size_ < sizeof text_) text_[size_++] = c >= ' ' && c <= '~' ? c : '?';
  }
  void write() {
    text_[size_ < sizeof text_ ? size_++ : sizeof text_ - 1] = '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text_, size_);
  }

private:
  char text_[1024];
  std::size_t size_ = 0;
};

extern "C" void tell_crash(int signal) {
  const PluginCode code = in_plugin;
  if (code.name == nullptr) {
    std::signal(signal, SIG_DFL);
    std::raise(signal); // acts as this handler returns
    return;
  }
  if (::isatty(STDERR_FILENO)) [[maybe_unused]]
    const auto cleared = ::write(STDERR_FILENO, "\r\033[K", 4);
  Line line;
  line.add("engram: ");
  line.add(code.kind);
  line.add(" '");
  line.add({code.name, ::strnlen(code.name, 64)});
  line.add("': crashes (");
  for (const Crash &crash : crashes)
    if (crash.signal == signal) line.add(crash.name);
  line.add("); what was not saved before is lost");
  line.write();
  in_plugin = {}; // or _exit() takes this for a rule's own end, and saves (exit_guard.cpp)
  ::_exit(1);
}

} // namespace

void name_rules_that_crash() {
  static std::array<char, 65536> stack; // for a rule of this thread that has used up the thread's own
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  ::sigaltstack(&other, nullptr);
  for (const Crash &crash : crashes) {
    struct sigaction before {
    }, action{};
    if (::sigaction(crash.signal, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    action.sa_handler = tell_crash;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_ONSTACK; // a crash in here ends the program
    ::sigemptyset(&action.sa_mask);
    ::sigaction(crash.signal, &action, nullptr);
  }
}

} // namespace engram::cli
