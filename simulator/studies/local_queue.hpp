// run_local_queue() runs many programs, as many at once as are asked for: whenever one ends, the next begins.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace engram::studies {

/// A program to be run.
struct LocalJob {
  std::vector<std::string> words; ///< its command line; the first is the path of the program
  std::string log;                ///< file that receives what it says on stderr; made anew
};

/// How a program ended.
struct LocalEnd {
  int exit_code = -1; ///< −1: a signal ended it
  int signal = 0;     ///< 0: none
};

struct LocalQueue {
  std::size_t count = 0; ///< of jobs; they begin in their order
  std::size_t at_once = 1;
  int keep_open = -1; ///< descriptor that the programs inherit; −1: none
  std::function<LocalJob(std::size_t)> job;
  std::function<void(std::size_t, LocalEnd)> ended;
  std::function<void(std::size_t running)> waits; ///< some ten times a second
  const std::atomic<bool> *stop = nullptr;        ///< once it is true, no more begin, and those at work get SIGTERM
};

/// Returns when all have ended that began. The programs read nothing, print nothing, get no signals of the terminal,
/// and are killed with this thread at the latest. Call it while the process has no other thread that waits for SIGCHLD.
/// Errors: std::system_error where not one process can be started, and what a member throws; those at work have then
/// ended.
void run_local_queue(const LocalQueue &queue);

} // namespace engram::studies
