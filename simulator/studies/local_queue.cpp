#include "studies/local_queue.hpp"

#include "data/reading_child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <map>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace engram::studies {

namespace {

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2};

// Blocks signals as long as it lives.
class Blocked {
public:
  explicit Blocked(const sigset_t &signals) { ::pthread_sigmask(SIG_BLOCK, &signals, &before_); }
  ~Blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Blocked(const Blocked &) = delete;
  Blocked &operator=(const Blocked &) = delete;
  const sigset_t &before() const { return before_; }

private:
  sigset_t before_{};
};

sigset_t signals_of(std::initializer_list<int> numbers) {
  sigset_t out;
  ::sigemptyset(&out);
  for (const int number : numbers) ::sigaddset(&out, number);
  return out;
}

// In the child, between fork and exec: only what is safe in a signal handler.
[[noreturn]] void become(const Job &job, char *const *words, pid_t parent, int keep_open, const sigset_t &mask) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1); // it ended before this was asked
  ::setpgid(0, 0);                       // the terminal's signals are for the parent, which passes them on
  const int nowhere = ::open("/dev/null", O_RDWR);
  const int log = ::open(job.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::dup2(nowhere, STDIN_FILENO);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(log >= 0 ? log : nowhere, STDERR_FILENO);
  for (const int opened : {nowhere, log})
    if (opened > STDERR_FILENO) ::close(opened);
  if (keep_open >= 0) ::fcntl(keep_open, F_SETFD, 0);
  // A signal that comes before the program hears signals ends it; one that is ignored stays so.
  for (const int number : ending_signals) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) ::signal(number, SIG_DFL);
  }
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::execv(words[0], words);
  static constexpr char line[] = "engram: the program cannot be started\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line, sizeof line - 1);
  ::_exit(127);
}

pid_t start(const Job &job, int keep_open, const sigset_t &mask) {
  std::vector<char *> words;
  for (const auto &word : job.words) words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  sigset_t all;
  ::sigfillset(&all);
  const Blocked at_birth(all); // so that no handler of this program takes a signal that is the child's
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) become(job, words.data(), parent, keep_open, mask);
  return child;
}

JobEnd end_of(int status) {
  JobEnd out;
  if (WIFEXITED(status)) out.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) out.signal = WTERMSIG(status);
  return out;
}

} // namespace

namespace {

// The programs at work. When it goes, because of an exception, they end first.
class Running {
public:
  Running() = default;
  ~Running() {
    end();
    for (const auto &[child, which] : programs_)
      while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
  }
  Running(const Running &) = delete;
  Running &operator=(const Running &) = delete;

  std::size_t count() const { return programs_.size(); }
  void add(pid_t child, std::size_t which) { programs_.emplace(child, which); }
  void end() const {
    for (const auto &[child, which] : programs_) ::kill(child, SIGTERM);
  }
  /// Those that have ended, with how.
  std::vector<std::pair<std::size_t, JobEnd>> take_ended() {
    std::vector<std::pair<std::size_t, JobEnd>> out;
    for (auto at = programs_.begin(); at != programs_.end();) {
      int status = 0;
      const pid_t ended = ::waitpid(at->first, &status, WNOHANG);
      if (ended == 0 || (ended < 0 && errno == EINTR)) {
        ++at;
        continue;
      }
      out.emplace_back(at->second, ended < 0 ? JobEnd{} : end_of(status));
      at = programs_.erase(at);
    }
    return out;
  }

private:
  std::map<pid_t, std::size_t> programs_; // which job each is
};

} // namespace

void run_local_queue(const JobQueue &queue) {
  const auto child_ends = signals_of({SIGCHLD});
  const Blocked blocked(child_ends); // they are waited for below
  Running running;
  std::size_t next = 0;
  bool stopping = false;
  int refused = 0; // why no process could be started
  while (true) {
    while (!stopping && refused == 0 && running.count() < queue.at_once && next < queue.count) {
      const pid_t child = start(queue.job(next), queue.keep_open, blocked.before());
      if (child < 0)
        refused = errno;
      else
        running.add(child, next++);
    }
    if (running.count() == 0) break;
    if (!stopping && queue.stop && *queue.stop) {
      stopping = true;
      running.end();
    }
    const timespec patience{0, 100'000'000};
    ::sigtimedwait(&child_ends, nullptr, &patience); // any other signal ends it too
    for (const auto &[which, end] : running.take_ended()) {
      refused = 0; // there is room for another
      queue.ended(which, end);
    }
    if (queue.waits) queue.waits(running.count());
  }
  if (refused != 0 && !stopping) throw std::system_error(refused, std::generic_category(), data::no_process(refused));
}

} // namespace engram::studies
