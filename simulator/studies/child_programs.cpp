#include "studies/child_programs.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

private:
  sigset_t before_{};
};

sigset_t only_sigchld() {
  sigset_t out;
  ::sigemptyset(&out);
  ::sigaddset(&out, SIGCHLD);
  return out;
}

// In the child, between fork and exec: only what is safe in a signal handler.
[[noreturn]] void become(const Job &job, char *const *words, char *const *environment, pid_t parent, int keep_open,
                         const sigset_t &mask) {
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
  ::execve(words[0], words, environment);
  static constexpr char line[] = "engram: the program cannot be started\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line, sizeof line - 1);
  ::_exit(127);
}

// Is it ("NAME=value") what mpirun, mpiexec or srun tell a process of its place among others? MPI is not the child's.
bool is_of_launcher(const char *variable) {
  for (const std::string_view begin :
       {"OMPI_", "PMIX_", "PMI_", "PMI2_", "PRTE_", "MPI_LOCAL", "HYDI_", "HYDRA_", "SLURM_PROCID=", "SLURM_STEP_"})
    if (std::string_view(variable).starts_with(begin)) return true;
  return false;
}

JobEnd end_of(int status) {
  JobEnd out;
  if (WIFEXITED(status)) out.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) out.signal = WTERMSIG(status);
  return out;
}

} // namespace

ChildSignal::ChildSignal() {
  const auto child_ends = only_sigchld();
  ::pthread_sigmask(SIG_BLOCK, &child_ends, &before_);
}
ChildSignal::~ChildSignal() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void wait_for_child() {
  const auto child_ends = only_sigchld();
  const timespec patience{0, 100'000'000};
  ::sigtimedwait(&child_ends, nullptr, &patience); // any other signal ends it too
}

ChildPrograms::~ChildPrograms() {
  end();
  for (const auto &[child, which] : programs_)
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void ChildPrograms::end() const {
  for (const auto &[child, which] : programs_) ::kill(child, SIGTERM);
}

int ChildPrograms::start(const Job &job, std::size_t which, int keep_open, const sigset_t &mask) {
  std::vector<char *> words, environment;
  for (const auto &word : job.words) words.push_back(const_cast<char *>(word.c_str()));
  for (char **variable = environ; *variable; ++variable)
    if (!is_of_launcher(*variable)) environment.push_back(*variable);
  words.push_back(nullptr);
  environment.push_back(nullptr);
  sigset_t all;
  ::sigfillset(&all);
  const Blocked at_birth(all); // so that no handler of this program takes a signal that is the child's
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) become(job, words.data(), environment.data(), parent, keep_open, mask);
  if (child < 0) return errno;
  programs_.emplace(child, which);
  return 0;
}

std::vector<std::pair<std::size_t, JobEnd>> ChildPrograms::take_ended() {
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

} // namespace engram::studies
