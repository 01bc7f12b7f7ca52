#include "record/rename.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace engram::record {

int rename_over(const std::string &from, const std::string &to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int rename_to_free(const std::string &from, const std::string &to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
  // A file system without that call, like NFS: a second name, which is never made over another.
  if (::link(from.c_str(), to.c_str()) == 0) return ::unlink(from.c_str()) == 0 ? 0 : errno;
  if (errno == EEXIST || errno == ENOENT) return errno;
  struct stat there {}; // nor second names, like FAT
  return ::lstat(to.c_str(), &there) == 0 ? EEXIST : rename_over(from, to);
}

std::pair<int, std::string> rename_beside(const std::string &from, const std::string &target, const std::string &word) {
  const std::filesystem::path path(target);
  const auto stem = (path.parent_path() / path.stem()).string(), extension = path.extension().string();
  for (int number = 1; number < 100000; ++number) {
    const auto name = stem + "." + word + (number == 1 ? "" : "-" + std::to_string(number)) + extension;
    const int error = rename_to_free(from, name);
    if (error != EEXIST) return {error, name};
  }
  return {EEXIST, target};
}

int copy_to_new(int from, const std::string &to) {
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (out < 0) return errno;
  std::vector<char> block(std::size_t{1} << 20);
  int error = 0;
  for (off_t at = 0; error == 0;) {
    const ssize_t got = ::pread(from, block.data(), block.size(), at);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    for (ssize_t done = 0; error == 0 && done < got;) {
      const ssize_t put = ::write(out, block.data() + done, static_cast<std::size_t>(got - done));
      if (put < 0 && errno != EINTR) error = errno;
      if (put > 0) done += put;
    }
    at += got > 0 ? got : 0;
  }
  if (error == 0 && ::fsync(out) != 0) error = errno;
  if (::close(out) != 0 && error == 0) error = errno;
  if (error != 0) ::unlink(to.c_str());
  return error;
}

void sync_folder_of(const std::string &path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  const int parent = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return;
  ::fsync(parent);
  ::close(parent);
}

} // namespace engram::record
