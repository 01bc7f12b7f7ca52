#include "conformance/child.hpp"

#include "conformance/forbidden.hpp"
#include "conformance/guarded.hpp"
#include "learning/child_process.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

namespace engram::conformance {

namespace {

// Of the child: where its verdict goes. Handlers of signals reach nothing but globals.
int verdict_pipe = -1;

void tell(char kind, const char *text) {
  char line[1024];
  const int length = std::snprintf(line, sizeof line, "%c%s\n", kind, text);
  if (length <= 0) return;
  const auto size = std::min(sizeof line - 1, static_cast<std::size_t>(length));
  line[size - 1] = '\n'; // of a text that was cut short too: without an end it would be no verdict
  learning::send(verdict_pipe, line, size);
}

void crashed(int number, siginfo_t *info, void *) {
  char where[256], text[512];
  if (number == SIGSYS) {
    std::snprintf(text, sizeof text, "%s", forbidden_deed(info->si_syscall));
  } else if (number == SIGSEGV || number == SIGBUS) {
    describe_address(info->si_addr, where, sizeof where);
    std::snprintf(text, sizeof text, "touches memory that it was not given%s%s%s", *where ? " (" : "", where,
                  *where ? ")" : "");
  } else {
    std::snprintf(text, sizeof text, "ends the process by signal %d (%s)", number, strsignal(number));
  }
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

void try_work(const std::function<std::string()> &work) {
  struct sigaction action {};
  action.sa_sigaction = crashed;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_RESETHAND); // glibc: SA_RESETHAND is unsigned
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS}) sigaction(number, &action, nullptr);
  std::set_terminate(escaped);
  forbid_changes(); // where it cannot, the check of the process says so
  try {
    const std::string text = work();
    tell('P', text.c_str());
  } catch (const Failure &failure) {
    tell('F', failure.reason.c_str());
  } catch (const std::exception &error) { // this process ends here, and the rule's code may throw anything
    tell('F', error.what());
  } catch (...) {
    tell('F', "an exception leaves it");
  }
}

} // namespace

Verdict in_child(double seconds, const std::function<std::string()> &work) {
  const auto came = learning::run_in_child({seconds, false}, [&](int descriptor) {
    verdict_pipe = descriptor;
    try_work(work);
  });
  const auto end = came.sent.find('\n');
  // The C library blocks signals while it starts a program, and then no handler can say so.
  if (end == std::string::npos && came.signal == SIGSYS)
    return {false, "starts a program, or asks the system for something else that a rule has no use for"};
  if (end == std::string::npos) return {false, came.how(), came.late, came.computed};
  return {came.sent[0] == 'P', came.sent.substr(1, end - 1), false};
}

} // namespace engram::conformance
