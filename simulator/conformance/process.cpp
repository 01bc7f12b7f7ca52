#include "conformance/process.hpp"

#include "data/printable.hpp"
#include "numeric/flush_denormals.hpp"

#include <array>
#include <cfenv>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

extern char **environ; // NOLINT(readability-redundant-declaration): the headers declare it under a macro

namespace engram::conformance {

namespace {

std::string environment_now() {
  std::string all;
  for (char **entry = environ; entry != nullptr && *entry != nullptr; ++entry) (all += *entry) += '\n';
  return all;
}

// The address of the handler of each signal.
std::string handlers_now() {
  std::string all;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) != 0) continue;
    const auto handler = reinterpret_cast<std::uintptr_t>(action.sa_sigaction);
    all.append(reinterpret_cast<const char *>(&handler), sizeof handler);
  }
  return all;
}

std::string blocked_now() {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigprocmask(SIG_SETMASK, nullptr, &blocked);
  std::string all;
  for (int number = 1; number < NSIG; ++number) all += sigismember(&blocked, number) == 1 ? '1' : '0';
  return all;
}

std::string limits_now() {
  std::string all;
  for (const auto what : {RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK}) {
    rlimit limit{};
    getrlimit(what, &limit);
    all += std::to_string(limit.rlim_cur) + ' ';
  }
  return all;
}

std::size_t entries(const char *folder) {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    ++count;
  return count;
}

// One that has ended is counted for a moment more.
std::size_t threads_now() {
  std::size_t count = entries("/proc/self/task");
  for (int times = 0; count > 1 && times < 50; ++times) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    count = entries("/proc/self/task");
  }
  return count;
}

// Those of alarm() and setitimer(), and those of timer_create(), which the kernel lists by "ID:".
std::size_t timers_now() {
  std::size_t count = 0;
  for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval timer{};
    getitimer(which, &timer);
    count += timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0;
  }
  std::ifstream list("/proc/self/timers");
  for (std::string line; std::getline(list, line);) count += line.starts_with("ID:");
  return count;
}

std::string folder_now() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

std::string mask_now() {
  const mode_t mask = umask(0);
  umask(mask);
  return std::to_string(mask);
}

} // namespace

ProcessState::ProcessState()
    : folder_(folder_now()), locale_(std::setlocale(LC_ALL, nullptr)), environment_(environment_now()),
      handlers_(handlers_now()), blocked_signals_(blocked_now()), mask_(mask_now()), limits_(limits_now()),
      descriptors_(entries("/proc/self/fd")), threads_(threads_now()), timers_(timers_now()) {}

std::string ProcessState::changed(const ProcessState &later) const {
  std::string all;
  const auto tell = [&](bool same, const char *what) {
    if (!same) all += (all.empty() ? "leaves " : ", ") + std::string(what);
  };
  tell(folder_ == later.folder_, "another working folder");
  tell(locale_ == later.locale_, "another locale");
  tell(environment_ == later.environment_, "other environment variables");
  tell(handlers_ == later.handlers_, "other signal handlers");
  tell(blocked_signals_ == later.blocked_signals_, "other signals blocked");
  tell(mask_ == later.mask_, "another mask of file modes");
  tell(limits_ == later.limits_, "other limits of resources");
  tell(descriptors_ >= later.descriptors_, "files open");
  tell(threads_ >= later.threads_, "threads that go on");
  tell(timers_ >= later.timers_, "a timer");
  return all;
}

Arithmetic::Arithmetic()
    : rounding_(std::fegetround()), control_(numeric::control_register() & ~numeric::exception_flags) {}

std::string Arithmetic::changed(const Arithmetic &later) const {
  if (rounding_ != later.rounding_) return "leaves another rounding mode";
  if (((control_ ^ later.control_) & numeric::denormal_bits) != 0) return "leaves flush-to-zero changed";
  return control_ == later.control_ ? "" : "leaves the control word of the processor's arithmetic changed";
}

Printed::Printed() : file_(memfd_create("printed", MFD_CLOEXEC)) {
  if (file_ < 0) return;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) dup2(file_, stream);
}

std::string Printed::first_line() const {
  std::fflush(nullptr);
  std::array<char, 200> text{};
  const ssize_t count = file_ < 0 ? 0 : pread(file_, text.data(), text.size(), 0);
  if (count <= 0) return "";
  const std::string_view all(text.data(), static_cast<std::size_t>(count));
  const auto line = data::printable(all.substr(0, all.find('\n')), 100);
  return line.empty() ? "an empty line" : line;
}

} // namespace engram::conformance
