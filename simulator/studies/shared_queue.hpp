// A shared queue is one that several processes do together, on one machine or on many, each job where a rank is free:
// rank 0 leads and takes part, the others serve.
#pragma once

#include "studies/queue_folder.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace engram::studies {

/// The part of rank 0, of as many as there are in `count`. The others stay as long as it lives; the folder goes with
/// it.
class QueueLeader {
public:
  /// `launch`: what the launcher calls these ranks together.
  QueueLeader(QueueFolder folder, std::size_t count, std::string launch)
      : folder_(std::move(folder)), count_(count), launch_(std::move(launch)) {}
  ~QueueLeader();
  QueueLeader(const QueueLeader &) = delete;
  QueueLeader &operator=(const QueueLeader &) = delete;

  /// Runs one job at a time; the queue's functions are called here for the jobs of all. A job whose rank dies has
  /// ended, with JobEnd::lost. Errors: those of run_local_queue(); Failed where the folder cannot be used. Once.
  void run(const JobQueue &queue);

private:
  QueueFolder folder_;
  std::size_t count_;
  std::string launch_;
  LockedFile lead_;
};

/// How a rank that serves has ended.
enum class Served {
  all,         ///< no job is left to begin
  stopped,     ///< it was asked to end, and what it ran has
  leader_gone, ///< rank 0 died; what this one ran has ended
  never_began  ///< rank 0 showed no queue within the patience
};

/// The part of rank `rank`: runs one job after another. `program` takes the place of their first words, as it may lie
/// elsewhere on this machine. One that was asked to end stays for some seconds until rank 0 has, because launchers kill
/// all when the first ends. Errors: as QueueLeader::run().
Served serve_queue(const QueueFolder &folder, std::size_t rank, const std::string &launch, const std::string &program,
                   const std::atomic<bool> *stop, std::chrono::milliseconds patience);

} // namespace engram::studies
