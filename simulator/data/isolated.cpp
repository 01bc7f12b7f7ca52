#include "data/isolated.hpp"

#include "data/array.hpp"
#include "error/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <new>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace engram::data {

namespace {

constexpr int patience_ms = 120'000; // without a byte, and without using the processor

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { reset(); }
  void reset() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  int get() const { return number_; }

private:
  int number_;
};

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

std::uint64_t addresses_in_use() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  in >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit(decltype(RLIMIT_CPU) what, std::uint64_t most) {
  rlimit now{};
  if (::getrlimit(what, &now) != 0) return;
  now.rlim_cur = std::min<rlim_t>(most, now.rlim_cur); // never above what the user has set
  ::setrlimit(what, &now);
}

/// Deflate shrinks at most 1032-fold; the values are held twice, as the library's and as ours.
void limit_resources(const std::string &file, std::uint64_t most_memory) {
  struct stat status {};
  const std::uint64_t size = ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  const auto ram =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t wanted = (std::uint64_t{512} << 20) + std::min(size, ram) * 2200;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, 2 + size / 250'000);
  if (memory_can_be_limited) limit(RLIMIT_AS, addresses_in_use() + std::min({ram, wanted, most_memory}));
}

void write_all(int to, const void *bytes, std::size_t size) {
  const auto *next = static_cast<const char *>(bytes);
  while (size > 0) {
    const ssize_t written = ::write(to, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(3);
    next += written;
    size -= static_cast<std::size_t>(written);
  }
}

/// One byte says how it went: '+', then the answer; '-', then why the file cannot be read; '!', then what is broken in
/// engram. Nothing may be thrown further: what is on the stack below belongs to the parent.
[[noreturn]] void be_child(int to, const std::string &file, const std::function<Bytes()> &work,
                           std::uint64_t most_memory) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal :
       {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2})
    std::signal(signal, SIG_DFL); // a test's or a sanitizer's handler would report a crash that is expected here
  if (const int quiet = ::open("/dev/null", O_RDWR); quiet >= 0)
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) ::dup2(quiet, stream);
  limit_resources(file, most_memory);
  std::string message = "-";
  try {
    const Bytes answer = work();
    write_all(to, "+", 1);
    write_all(to, answer.data(), answer.size());
    ::_exit(0); // no destructors: what this process holds belongs to its parent
  } catch (const std::bad_alloc &) {
    message += "does not fit into memory";
  } catch (const std::length_error &) { // of a vector that no memory can hold
    message += "does not fit into memory";
  } catch (const Error &error) {
    message = (error.kind() == ErrorKind::broken ? "!" : "-") + std::string(error.what());
  } catch (const std::system_error &error) { // of the file system
    message += error.what();
  } catch (const std::exception &error) {
    message = std::string("!") + error.what();
  } catch (...) {
    message = "!an exception of a kind that nobody knows";
  }
  write_all(to, message.data(), message.size());
  ::_exit(0);
}

/// False when the child said nothing for too long.
bool read_all(int from, Bytes &bytes) {
  std::array<std::byte, 1 << 16> buffer;
  for (;;) {
    pollfd waiting{from, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, patience_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return false;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + got);
  }
}

int wait_for(pid_t child) {
  int how = 0;
  while (::waitpid(child, &how, 0) < 0)
    if (errno != EINTR) return -1;
  return how;
}

/// Reaps the child also when the parent runs out of memory.
struct Child {
  pid_t id;
  ~Child() {
    if (id <= 0) return;
    ::kill(id, SIGKILL);
    wait_for(id);
  }
};

} // namespace

std::string no_process(int error) {
  return "cannot start a process" +
         std::string(error == EAGAIN ? ": their number is limited (ulimit -u, or pids.max of the control group)" : "");
}

Bytes isolated(const std::string &name, const std::string &file, const std::function<Bytes()> &work,
               std::uint64_t most_memory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), name + ": cannot be read");
  Descriptor from(ends[0]), to(ends[1]);
  Child child{::fork()};
  if (child.id < 0) {
    const int why = errno;
    throw std::system_error(why, std::generic_category(), name + ": cannot be read: " + no_process(why));
  }
  if (child.id == 0) be_child(to.get(), file, work, most_memory);
  to.reset();

  Bytes bytes;
  if (!read_all(from.get(), bytes)) throw DataError(name + ": reading it does not come to an end");
  const int how = wait_for(std::exchange(child.id, 0));
  if (WIFSIGNALED(how) && WTERMSIG(how) == SIGXCPU) throw DataError(name + ": reading it does not come to an end");
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0 || bytes.empty())
    throw DataError(name + ": is damaged (the library that reads it failed" +
                    (WIFSIGNALED(how) ? " by signal " + std::to_string(WTERMSIG(how)) : std::string()) + ")");
  const auto how_it_went = static_cast<char>(bytes.front());
  bytes.erase(bytes.begin());
  if (how_it_went == '+') return bytes;
  const std::string message(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  if (how_it_went == '!') throw Broken(name + ": " + message);
  throw DataError(message.starts_with(name) ? message : name + ": " + message);
}

} // namespace engram::data
