// A JobQueue is a list of programs that are to be run, by whoever does so: run_local_queue() here, or a QueueLeader
// with other ranks.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace engram::studies {

/// A program to be run.
struct Job {
  std::vector<std::string> words; ///< its command line; the first is the path of the program
  std::string log;                ///< file that receives what it says on stderr; made anew
};

/// How a program ended.
struct JobEnd {
  int exit_code = -1; ///< −1: a signal ended it
  int signal = 0;     ///< 0: none
  std::string lost{}; ///< why nobody knows how it ended, in words; "": it is known
};

/// Jobs do not depend on each other. All functions are called by the thread that runs the queue.
struct JobQueue {
  std::size_t count = 0;               ///< of jobs
  std::size_t at_once = 1;             ///< on this machine
  int keep_open = -1;                  ///< descriptor that the programs inherit; −1: none
  std::function<Job(std::size_t)> job; ///< asked for just before it begins
  std::function<void(std::size_t, const JobEnd &)> ended;
  std::function<void(std::size_t running)> waits; ///< some ten times a second
  const std::atomic<bool> *stop = nullptr;        ///< once it is true, no more begin, and those at work get SIGTERM
};

/// Runs a queue; returns when all have ended that began.
using RunQueue = std::function<void(const JobQueue &)>;

} // namespace engram::studies
