#include "record/output_path.hpp"

#include "input/input_error.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace engram::record {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_ending = 40; // what names of files under construction add to the name

[[noreturn]] void refuse_output(const std::string &path, const std::string &why) {
  throw input::InputError(path + ": cannot be written: " + why);
}

std::string kind_of(const struct stat &file) {
  if (S_ISDIR(file.st_mode)) return "a folder";
  if (S_ISFIFO(file.st_mode)) return "a pipe";
  if (S_ISSOCK(file.st_mode)) return "a socket";
  return "a device";
}

// The folder must take new files, and let the old one go.
void check_folder(const std::string &path, const std::string &folder, const struct stat *old) {
  struct stat there {};
  if (::stat(folder.c_str(), &there) != 0) refuse_output(path, std::strerror(errno));
  if (!S_ISDIR(there.st_mode)) refuse_output(path, folder + " is no folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) refuse_output(path, folder + ": " + std::strerror(errno));
  const uid_t me = ::geteuid();
  if (old && (there.st_mode & S_ISVTX) && me != 0 && there.st_uid != me && old->st_uid != me)
    refuse_output(path, "it is another user's file, and the folder (sticky) lets only its owner replace it");
}

} // namespace

std::string output_path(const std::string &path, const OutputRules &rules) {
  std::error_code error;
  fs::path full = fs::absolute(path, error).lexically_normal();
  if (error) refuse_output(path, error.message());
  struct stat link {
  }, file{};
  const bool is_there = ::stat(full.c_str(), &file) == 0;
  if (!is_there && errno != ENOENT) refuse_output(path, std::strerror(errno));
  if (!is_there && ::lstat(full.c_str(), &link) == 0) refuse_output(path, "it is a symbolic link that leads nowhere");
  if (full.filename().empty()) refuse_output(path, "it names a folder");
  if (is_there && !S_ISREG(file.st_mode)) refuse_output(path, "it is " + kind_of(file));
  if (is_there) full = fs::canonical(full, error);
  if (error) refuse_output(path, error.message());
  if (full.filename().string().size() + longest_ending > NAME_MAX) refuse_output(path, std::strerror(ENAMETOOLONG));
  check_folder(path, full.parent_path().string(), is_there ? &file : nullptr);
  if (!is_there) return full.string();

  if (std::any_of(rules.inputs.begin(), rules.inputs.end(),
                  [&](const std::string &input) { return fs::equivalent(input, full, error); }))
    refuse_output(path, "it is a file that this command reads");
  if (rules.force) return full.string();
  if (::access(full.c_str(), W_OK) != 0)
    refuse_output(path, std::string(std::strerror(errno)) + " (--force replaces it)");
  if (file.st_size > 0 && !rules.is_ours) refuse_output(path, "it is there (--force replaces it)");
  if (file.st_size > 0 && !rules.is_ours(full.string()))
    refuse_output(path, "it is there, and engram did not write it (--force replaces it)");
  return full.string();
}

} // namespace engram::record
