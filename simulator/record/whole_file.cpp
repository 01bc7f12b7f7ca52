#include "record/whole_file.hpp"

#include "error/error.hpp"
#include "record/rename.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace engram::record {

void write_whole(const std::string &path, std::string_view bytes) {
  const auto refuse = [&](int number) { throw Failed(path + ": cannot be written: " + std::strerror(number)); };
  // A name that nobody else uses, made anew: nothing is written through a link, nor over another writer's file.
  std::string partial = path + ".partial-XXXXXX";
  const int made = ::mkstemp(partial.data());
  if (made < 0) refuse(errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  int failure = ::fchmod(made, 0666 & ~mask) == 0 ? 0 : errno;
  for (std::size_t done = 0; failure == 0 && done < bytes.size();) {
    const ssize_t written = ::write(made, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno != EINTR) failure = errno;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  // On the disk before its name is: a loss of power leaves the file before or this one, and not an empty one.
  if (failure == 0 && ::fsync(made) != 0) failure = errno;
  if (::close(made) != 0 && failure == 0) failure = errno;
  if (failure == 0) failure = rename_over(partial, path);
  if (failure == 0) {
    sync_folder_of(path);
    return;
  }
  ::unlink(partial.c_str());
  refuse(failure);
}

} // namespace engram::record
