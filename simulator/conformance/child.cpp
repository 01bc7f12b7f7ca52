#include "conformance/child.hpp"

#include "conformance/guarded.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace engram::conformance {

namespace {

// Of the child: where its verdict goes. Handlers of signals reach nothing but globals.
int verdict_pipe = -1;

void tell(char kind, const char *text) {
  char line[1024];
  const int length = std::snprintf(line, sizeof line, "%c%s\n", kind, text);
  if (length > 0 && write(verdict_pipe, line, std::min(sizeof line - 1, static_cast<std::size_t>(length))) < 0)
    _exit(3);
}

void crashed(int number, siginfo_t *info, void *) {
  char where[256], text[512];
  describe_address(info->si_addr, where, sizeof where);
  if (number == SIGSEGV || number == SIGBUS)
    std::snprintf(text, sizeof text, "touches memory that it was not given%s%s%s", *where ? " (" : "", where,
                  *where ? ")" : "");
  else
    std::snprintf(text, sizeof text, "ends the process by signal %d (%s)", number, strsignal(number));
  tell('F', text);
  _exit(1);
}

[[noreturn]] void escaped() {
  std::string text = "an exception leaves a callback";
  if (const auto now = std::current_exception()) {
    try {
      std::rethrow_exception(now);
    } catch (const std::exception &error) {
      text += std::string(": ") + error.what();
    } catch (...) {
    }
  }
  tell('F', text.c_str());
  _exit(1);
}

[[noreturn]] void run_child(const std::function<std::string()> &work) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  struct sigaction action {};
  action.sa_sigaction = crashed;
  action.sa_flags = SA_SIGINFO | SA_RESETHAND;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(number, &action, nullptr);
  std::set_terminate(escaped);
  // What a plugin prints is not this program's result.
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
  }
  try {
    const std::string text = work();
    tell('P', text.c_str());
  } catch (const Failure &failure) {
    tell('F', failure.reason.c_str());
  } catch (const std::exception &error) {
    tell('F', error.what());
  }
  _exit(0);
}

} // namespace

Verdict in_child(double seconds, const std::function<std::string()> &work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error(std::string("cannot make a pipe: ") + std::strerror(errno));
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) {
    close(ends[0]);
    verdict_pipe = ends[1];
    run_child(work);
  }
  close(ends[1]);
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  std::string said;
  bool late = false;
  for (;;) {
    const double left = std::chrono::duration<double>(until - Clock::now()).count();
    pollfd wait{ends[0], POLLIN, 0};
    const int ready = left > 0 ? poll(&wait, 1, static_cast<int>(left * 1000) + 1) : 0;
    if (ready == 0) {
      late = true;
      break;
    }
    char part[512];
    const ssize_t count = read(ends[0], part, sizeof part);
    if (count <= 0) break;
    said.append(part, static_cast<std::size_t>(count));
    if (said.size() > 4096) break;
  }
  if (late) kill(child, SIGKILL);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (late) {
    char text[64];
    std::snprintf(text, sizeof text, "does not return within %g s", seconds);
    return {false, text};
  }
  const auto end = said.find('\n');
  if (end == std::string::npos || said.empty()) return {false, "ends the process"};
  return {said[0] == 'P', said.substr(1, end - 1)};
}

} // namespace engram::conformance
