#include "learning/child_process.hpp"

#include "data/reading_child.hpp"
#include "error/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace engram::learning {

namespace {

constexpr int by_exit = 77;                               // code of a child that the work ended by exit()
constexpr std::size_t most_bytes = std::size_t{64} << 20; // that a child may send
constexpr double longest_wait = 1e9; // s: longer ones overflow the clock, and would be over at once

[[noreturn]] void be_child(int to, pid_t parent, const std::function<void(int)> &work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(3); // it ended before this was asked
  // Registered last, they run first: what this program does at its own end must not happen here.
  std::atexit([] { _exit(by_exit); });
  std::at_quick_exit([] { _exit(by_exit); });
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL})
    std::signal(number, SIG_DFL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (nowhere >= 0) dup2(nowhere, stream);
  work(to);
  _exit(0);
}

int wait_for_end(pid_t child, double &computed) {
  int status = 0;
  rusage used{};
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) return 0;
  for (const timeval &time : {used.ru_utime, used.ru_stime})
    computed += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  return status;
}

} // namespace

void send(int descriptor, const void *bytes, std::size_t size) {
  const char *next = static_cast<const char *>(bytes);
  while (size > 0) {
    const ssize_t written = write(descriptor, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(3);
    next += written;
    size -= static_cast<std::size_t>(written);
  }
}

std::string ChildResult::how() const {
  if (late) return "does not return";
  if (called_exit) return "ends the process by exit()";
  if (signal == 0) return "ends the process";
  return fmt::format("ends the process by signal {} ({})", signal, strsignal(signal));
}

ChildResult run_in_child(Patience patience, const std::function<void(int)> &work) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Failed(std::string("cannot make a pipe: ") + std::strerror(errno));
  std::fflush(nullptr); // else the child could print it a second time
  const pid_t parent = getpid(), child = fork();
  if (child < 0) {
    const int why = errno;
    for (const int end : ends) close(end);
    throw std::system_error(why, std::generic_category(), data::no_process(why));
  }
  if (child == 0) {
    close(ends[0]);
    be_child(ends[1], parent, work);
  }
  close(ends[1]);

  using Clock = std::chrono::steady_clock;
  const double seconds = std::min(patience.seconds, longest_wait);
  const auto wait = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  auto until = Clock::now() + wait;
  ChildResult out;
  std::array<char, 1 << 14> part;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{ends[0], POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(std::min<long>(left, 1'000'000)) + 1) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && Clock::now() < until) continue;
    out.late = ready == 0;
    if (ready <= 0) break;
    const ssize_t count = read(ends[0], part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    out.sent.append(part.data(), static_cast<std::size_t>(count));
    if (out.sent.size() > most_bytes) break;
    if (patience.of_silence) until = Clock::now() + wait;
  }
  // Its end of the pipe may be closed while it goes on.
  kill(child, SIGKILL);
  close(ends[0]);
  const int status = wait_for_end(child, out.computed);
  if (WIFSIGNALED(status)) out.signal = WTERMSIG(status);
  out.called_exit = WIFEXITED(status) && WEXITSTATUS(status) == by_exit;
  return out;
}

} // namespace engram::learning
