// A QueueFolder is the folder through which processes on several machines share a queue. It needs no messages, so it
// outlives the death of any process but the one that leads; and it needs flock() to hold between the machines, as it
// does on NFS, Lustre with -o flock, and others.
//
//   jobs        the jobs; the leader, rank 0, holds a lock on it
//   rank-K      rank K, and the program that it runs, hold a lock on it: when it is free, both are gone
//   claims      a record for each job that was begun, in their order: the rank
//   ends        a record for each that has ended: the job, its exit code, its signal
//   stop        is there once the jobs at work are to end
#pragma once

#include "studies/job_queue.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engram::studies {

/// An open file with a lock that ends with this process and those that inherit it.
class LockedFile {
public:
  LockedFile() = default;
  explicit LockedFile(int opened) : file_(opened) {}
  LockedFile(LockedFile &&from) noexcept : file_(std::exchange(from.file_, -1)) {}
  LockedFile &operator=(LockedFile &&from) noexcept {
    std::swap(file_, from.file_);
    return *this;
  }
  ~LockedFile();
  int descriptor() const { return file_; }

private:
  int file_ = -1;
};

class QueueFolder {
public:
  explicit QueueFolder(std::string path) : path_(std::move(path)) {}
  const std::string &path() const { return path_; }

  /// Removes what an earlier queue has left. Errors: Failed where one of its ranks is still at work after some seconds.
  void clear() const;
  /// The leader's: makes the folder and shows the jobs. `launch`: what the launcher calls this queue's ranks together.
  /// Errors: Failed.
  LockedFile publish(const std::vector<Job> &jobs, const std::string &launch) const;
  /// The jobs of that launch, if they are there and their leader is alive. Errors: Failed where the leader is another
  /// version of engram.
  std::optional<std::vector<Job>> jobs(const std::string &launch) const;
  bool leader_is_alive() const;

  /// Shows that the rank is there. Errors: Failed.
  LockedFile enter(std::size_t rank) const;
  bool has_entered(std::size_t rank) const;
  /// Has the rank ended, and what it ran?
  bool is_gone(std::size_t rank) const;

  /// The next job that nobody has begun; none where there is none left. Errors: Failed.
  std::optional<std::size_t> claim(std::size_t rank, std::size_t count) const;
  /// By job: who began it. From the job `first` on. Errors: Failed.
  std::vector<std::size_t> claims(std::size_t first) const;
  void tell_end(std::size_t job, JobEnd end) const;
  /// What has been told, but for the first `known`. Errors: Failed.
  std::vector<std::pair<std::size_t, JobEnd>> ends(std::size_t known) const;

  void tell_stop() const;
  bool stop_was_told() const;

private:
  std::string file(const std::string &name) const { return path_ + "/" + name; }
  std::string rank_file(std::size_t rank) const { return file("rank-" + std::to_string(rank)); }

  std::string path_;
};

} // namespace engram::studies
