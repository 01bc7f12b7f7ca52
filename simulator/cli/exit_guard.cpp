#include "cli/exit_guard.hpp"

#include "cli/context.hpp"
#include "cli/output.hpp"
#include "error/in_plugin.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace engram::cli {
namespace {

std::atomic<ExitGuard *> newest_guard{nullptr}; // handlers of exit() are handed nothing
std::atomic<pid_t> guarded{0};                  // the process that the guards are of

} // namespace

ExitGuard::ExitGuard(std::function<std::string()> save) : save_(std::move(save)), before_(newest_guard) {
  newest_guard = this;
  guarded = getpid();
  std::atexit(ended);
  std::at_quick_exit(ended);
}

ExitGuard::~ExitGuard() { newest_guard = before_; }

void ExitGuard::ended() {
  // A process that a rule has forked ends without a word: it has the run file open too, and HDF5 would write to it.
  if (getpid() != guarded) syscall(SYS_exit_group, failed);
  const ExitGuard *guard = newest_guard.exchange(nullptr);
  if (guard == nullptr) return; // main() has returned, or it has been told
  const PluginCode code = in_plugin;
  std::string text = "the program was ended by exit() from within";
  if (code.name != nullptr) {
    text = std::string(code.kind) + " '" + code.name + "': ends the program by exit()";
    while (guard != nullptr && !guard->save_) guard = guard->before_;
    try {
      if (guard != nullptr) text += "; " + guard->save_();
    } catch (const std::exception &error) { // no exception may leave a handler of exit()
      text += std::string("; nothing could be saved: ") + error.what();
    } catch (...) {
      text += "; nothing could be saved";
    }
  }
  std::fflush(nullptr);
  say("engram: " + text);
  _exit(failed);
}

} // namespace engram::cli

// _exit() calls no handler. A shared library that calls it comes here, for what the program defines goes before what
// the C library does. The sanitizers have it for themselves.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
extern "C" [[noreturn]] void _exit(int code) {
  if (engram::in_plugin.name != nullptr && getpid() == engram::cli::guarded) engram::cli::ExitGuard::ended();
  for (;;) syscall(SYS_exit_group, code);
}
extern "C" [[noreturn]] void _Exit(int code) noexcept { _exit(code); }
#endif
