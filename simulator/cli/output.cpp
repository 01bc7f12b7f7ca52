#include "cli/output.hpp"

#include "cli/context.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace engram::cli {

namespace {

std::atomic<bool> silenced{false}; // signal handlers read it
std::string speaker;               // what each line on stderr begins with
int lost_because = 0;              // errno of the first write to stdout that failed

void note_loss() {
  if (lost_because == 0) lost_because = errno == 0 ? EIO : errno;
}

} // namespace

void open_output() {
  // A closed stdout is opened so that writing to it fails, and is told; a closed stderr so that it does not.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      ::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY); // takes the lowest number that is free
}

void silence(bool silent, std::string_view whose) {
  silenced = silent;
  speaker = whose;
}

bool is_silent() { return silenced; }

void print(std::string_view text) {
  if (silenced) return;
  const std::string safe = data::printable_lines(text);
  errno = 0;
  if (std::fwrite(safe.data(), 1, safe.size(), stdout) != safe.size()) note_loss();
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) != 0) note_loss();
}

void say(std::string_view text) noexcept {
  if (silenced) return;
  try {
    const std::string safe = speaker + data::printable_lines(text) + "\n";
    std::fwrite(safe.data(), 1, safe.size(), stderr);
  } catch (...) { // no memory: as it stands
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fputc('\n', stderr);
  }
}

int finish_output(int code) {
  flush_output();
  if (std::ferror(stdout) != 0) note_loss();
  if (lost_because == 0) return code;
  if (lost_because != EPIPE)
    say(std::string("engram: the results could not be written to stdout: ") + std::strerror(lost_because));
  return code == done ? failed : code;
}

} // namespace engram::cli
