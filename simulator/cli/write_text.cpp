#include "cli/write_text.hpp"

#include "error/error.hpp"
#include "input/input_error.hpp"
#include "record/output_path.hpp"
#include "record/rename.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace engram::cli {
namespace fs = std::filesystem;

namespace {
bool text_begins(const std::string &path, const std::string &beginning) {
  std::ifstream in(path, std::ios::binary);
  std::string text(beginning.size(), '\0');
  return in.read(text.data(), static_cast<std::streamsize>(text.size())) && text == beginning;
}
} // namespace

void prepare_folder(const std::string &folder, const std::vector<TextFile> &files,
                    const std::vector<std::string> &inputs, bool force) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder) || access(folder.c_str(), W_OK) != 0)
    throw input::InputError("engram: --out: cannot write into the folder " + folder);
  for (const auto &file : files)
    record::output_path((fs::path(folder) / file.name).string(),
                        {inputs, force, [&](const std::string &path) { return text_begins(path, file.begins); }});
}

void write_text(const std::string &path, const std::string &text) {
  const auto refuse = [&](int number) { throw Failed(path + ": cannot be written: " + std::strerror(number)); };
  // A name that nobody else uses, made anew: nothing is written through a link, nor over another writer's file.
  std::string partial = path + ".partial-XXXXXX";
  const int made = ::mkstemp(partial.data());
  if (made < 0) refuse(errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  int failure = ::fchmod(made, 0666 & ~mask) == 0 ? 0 : errno;
  for (std::size_t done = 0; failure == 0 && done < text.size();) {
    const ssize_t written = ::write(made, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) failure = errno;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  if (::close(made) != 0 && failure == 0) failure = errno;
  if (failure == 0) failure = record::rename_over(partial, path);
  if (failure == 0) return;
  ::unlink(partial.c_str());
  refuse(failure);
}

} // namespace engram::cli
