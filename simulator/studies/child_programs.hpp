// ChildPrograms are programs that this process has started and waits for.
#pragma once

#include "studies/job_queue.hpp"

#include <csignal>
#include <map>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace engram::studies {

/// Blocks SIGCHLD in this thread as long as it lives, so that wait_for_child() hears of it.
class ChildSignal {
public:
  ChildSignal();
  ~ChildSignal();
  ChildSignal(const ChildSignal &) = delete;
  ChildSignal &operator=(const ChildSignal &) = delete;
  const sigset_t &before() const { return before_; } ///< what was blocked

private:
  sigset_t before_{};
};

/// Waits until a child ends, another signal comes, or a tenth of a second has passed.
void wait_for_child();

/// The programs at work. When it goes, because of an exception, they get SIGTERM and are waited for.
class ChildPrograms {
public:
  ChildPrograms() = default;
  ~ChildPrograms();
  ChildPrograms(const ChildPrograms &) = delete;
  ChildPrograms &operator=(const ChildPrograms &) = delete;

  /// Starts a program, which reads nothing, prints nothing, gets no signals of the terminal, knows nothing of the
  /// launcher of MPI that may have started this one, inherits `keep_open` (−1: nothing), and is killed with this thread
  /// at the latest. `which`: the number of its job. Returns 0, or errno where no process can be started.
  int start(const Job &job, std::size_t which, int keep_open, const sigset_t &mask);

  std::size_t count() const { return programs_.size(); }
  void end() const; ///< asks them to, by SIGTERM
  /// Those that have ended, with how.
  std::vector<std::pair<std::size_t, JobEnd>> take_ended();

private:
  std::map<pid_t, std::size_t> programs_; // which job each is
};

} // namespace engram::studies
