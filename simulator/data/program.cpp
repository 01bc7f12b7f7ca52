#include "data/program.hpp"

#include "data/array.hpp"
#include "data/reading_child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace engram::data {

std::optional<int> run_program(const std::vector<std::string> &words, const std::string &folder,
                               const std::string &log) {
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) throw DataError(words.at(0) + ": no memory to start it");
  const std::unique_ptr<posix_spawn_file_actions_t, int (*)(posix_spawn_file_actions_t *)> destroy(
      &actions, &posix_spawn_file_actions_destroy);
  int status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (status == 0)
    status = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  if (status == 0) status = posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());

  std::vector<char *> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string &word : words) arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  // It begins with the signals that programs expect, whatever this one ignores.
  posix_spawnattr_t attributes;
  if (status == 0) status = posix_spawnattr_init(&attributes);
  if (status != 0) throw DataError(words[0] + ": cannot be started (" + std::strerror(status) + ")");
  const std::unique_ptr<posix_spawnattr_t, int (*)(posix_spawnattr_t *)> destroy_attributes(&attributes,
                                                                                            &posix_spawnattr_destroy);
  sigset_t ignored;
  sigemptyset(&ignored);
  for (const int signal : {SIGPIPE, SIGXFSZ}) sigaddset(&ignored, signal);
  posix_spawnattr_setsigdefault(&attributes, &ignored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  status = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  if (status == ENOENT || status == ENOTDIR || status == EACCES) return std::nullopt;
  if (status != 0) throw std::system_error(status, std::generic_category(), words[0] + ": " + no_process(status));

  int how = 0;
  while (waitpid(child, &how, 0) < 0)
    if (errno != EINTR) throw DataError(words[0] + ": lost while it ran (" + std::strerror(errno) + ")");
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

} // namespace engram::data
