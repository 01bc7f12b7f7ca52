#include "data/reading_child.hpp"

#include "data/array.hpp"
#include "error/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <new>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace engram::data {

namespace {

constexpr int patience_ms = 120'000, no_end = -1; // without a byte, and without using the processor

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_can_be_limited = false; // the sanitizers reserve terabytes of addresses
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool memory_can_be_limited = false;
#else
constexpr bool memory_can_be_limited = true;
#endif
#else
constexpr bool memory_can_be_limited = true;
#endif

/// What the child may use of the processor and of memory, never more than the user allows.
class Allowance {
public:
  explicit Allowance(const std::string &file) : memory_(limit_of(RLIMIT_AS)), processor_(limit_of(RLIMIT_CPU)) {
    struct stat status {};
    size_ = ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
    std::ifstream in("/proc/self/statm");
    std::uint64_t pages = 0;
    in >> pages;
    in_use_ = pages * page();
  }

  void for_memory(std::uint64_t most) const {
    const std::uint64_t ram = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * page();
    // Deflate shrinks at most 1032-fold; the values are held twice, as the library's and as ours.
    const std::uint64_t wanted = (std::uint64_t{512} << 20) + std::min(size_, ram) * 2200;
    if (memory_can_be_limited) set(RLIMIT_AS, memory_, in_use_ + std::min({ram, wanted, most}));
  }

  /// From now on.
  void for_processor() const {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    set(RLIMIT_CPU, processor_, seconds + 2 + size_ / 250'000);
  }

private:
  static std::uint64_t page() { return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)); }
  static rlimit limit_of(decltype(RLIMIT_CPU) what) {
    rlimit now{};
    if (::getrlimit(what, &now) != 0) now = {RLIM_INFINITY, RLIM_INFINITY};
    return now;
  }
  static void set(decltype(RLIMIT_CPU) what, rlimit limit, std::uint64_t most) {
    limit.rlim_cur = std::min<rlim_t>(most, limit.rlim_cur);
    ::setrlimit(what, &limit);
  }

  rlimit memory_, processor_;
  std::uint64_t size_ = 0, in_use_ = 0;
};

/// The child's side.
class ToParent final : public ChildStream {
public:
  ToParent(int socket, const std::string &name) : ChildStream(socket, name, no_end) {}

private:
  [[noreturn]] void lost(bool) override { ::_exit(0); } // nobody is left to answer
};

/// Nothing may be thrown further: what is on the stack below belongs to the parent.
template <class Work> void answer_with(ChildStream &stream, Work work) {
  const char *no_room = "does not fit into memory";
  try {
    work();
    stream.end_message();
  } catch (const std::bad_alloc &) {
    stream.refuse(false, no_room);
  } catch (const std::length_error &) { // of a vector that no memory can hold
    stream.refuse(false, no_room);
  } catch (const Error &error) {
    stream.refuse(error.kind() == ErrorKind::broken, error.what());
  } catch (const std::system_error &error) { // of the file system
    stream.refuse(false, error.what());
  } catch (const std::exception &error) {
    stream.refuse(true, error.what());
  } catch (...) {
    stream.refuse(true, "an exception of a kind that nobody knows");
  }
}

void be_quiet_and_deaf() {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGPIPE, SIGXCPU, SIGXFSZ})
    std::signal(signal, SIG_DFL); // a test's or a sanitizer's handler would report a crash that is expected here
  // A terminal sends these to all processes of a program; the parent decides.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) std::signal(signal, SIG_IGN);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (const int nowhere = ::open("/dev/null", O_RDWR); nowhere >= 0)
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
}

[[noreturn]] void be_child(int socket, pid_t parent, const std::string &name, const std::string &file,
                           const std::function<Answer(ChildStream &)> &begin, std::uint64_t most_memory) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0); // it ended before this was asked
  be_quiet_and_deaf();
  const Allowance allowance(file);
  allowance.for_memory(most_memory);
  allowance.for_processor();
  ToParent stream(socket, name);
  Answer answer;
  answer_with(stream, [&] { answer = begin(stream); });
  if (answer) allowance.for_memory(std::numeric_limits<std::uint64_t>::max());
  while (answer) {
    allowance.for_processor();
    stream.begin_message();
    answer_with(stream, [&] { answer(stream); });
    stream.pass_to_end(); // of a question that was not understood
  }
  ::_exit(0); // no destructors: what this process holds belongs to its parent
}

std::string cause_of(int how) {
  if (!WIFSIGNALED(how)) return "is damaged (the library that reads it failed)";
  const int signal = WTERMSIG(how);
  if (signal == SIGXCPU) return "reading it does not come to an end";
  if (signal == SIGKILL) return "cannot be read: the process that reads it was killed (is there enough memory?)";
  return "is damaged (the library that reads it failed by signal " + std::to_string(signal) + ")";
}

} // namespace

std::string no_process(int error) {
  return "cannot start a process" +
         std::string(error == EAGAIN ? ": their number is limited (ulimit -u, or pids.max of the control group)" : "");
}

namespace {
std::array<int, 2> socket_ends(const std::string &name) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), name + ": cannot be read");
  return ends;
}
} // namespace

Child::Child(const std::string &name, const std::string &file, const std::function<Answer(ChildStream &)> &begin,
             std::uint64_t most_memory)
    : Child(name, file, begin, most_memory, socket_ends(name)) {}

Child::Child(const std::string &name, const std::string &file, const std::function<Answer(ChildStream &)> &begin,
             std::uint64_t most_memory, std::array<int, 2> ends)
    : ChildStream(ends[0], name, patience_ms) {
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ == 0) {
    ::close(ends[0]);
    be_child(ends[1], parent, name, file, begin, most_memory);
  }
  const int why = errno;
  ::close(ends[1]);
  if (id_ > 0) return;
  ::close(ends[0]);
  throw std::system_error(why, std::generic_category(), name + ": cannot be read: " + no_process(why));
}

Child::~Child() {
  ::close(socket());
  if (id_ <= 0) return;
  ::kill(id_, SIGKILL);
  wait();
}

int Child::wait() {
  int how = 0;
  const pid_t child = std::exchange(id_, 0);
  while (::waitpid(child, &how, 0) < 0)
    if (errno != EINTR) return 0; // somebody else has waited for it
  return how;
}

void Child::lost(bool silent) {
  if (id_ > 0) {
    ::kill(id_, SIGKILL); // changes nothing of one that has ended
    const int how = wait();
    why_lost_ = name() + ": " + (silent ? "reading it does not come to an end" : cause_of(how));
  }
  throw DataError(why_lost_);
}

} // namespace engram::data
