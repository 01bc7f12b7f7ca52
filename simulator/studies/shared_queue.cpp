#include "studies/shared_queue.hpp"

#include "data/reading_child.hpp"
#include "studies/child_programs.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace engram::studies {

namespace {

using PollClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Says at most once in a while that it is time.
class Every {
public:
  explicit Every(milliseconds time) : time_(time) {}
  bool due() {
    if (PollClock::now() - last_ < time_) return false;
    last_ = PollClock::now();
    return true;
  }

private:
  milliseconds time_;
  PollClock::time_point last_{};
};

// Who started this rank. Where it dies without ending the ranks, they end as by its signal.
class LauncherAlive {
public:
  void check() {
    if (told_ || ::getppid() == parent_) return;
    told_ = true;
    ::raise(SIGTERM);
  }

private:
  pid_t parent_ = ::getppid();
  bool told_ = false;
};

[[noreturn]] void no_child(int error) {
  throw std::system_error(error, std::generic_category(), data::no_process(error));
}

// What the leader knows of the jobs.
class SharedJobs {
public:
  SharedJobs(const JobQueue &queue, const QueueFolder &folder)
      : queue_(queue), folder_(folder), has_ended_(queue.count, false) {}

  std::size_t running() const { return by_.size() - ended_; }
  bool all_ended() const { return ended_ == queue_.count; }

  void look() {
    const auto more = folder_.claims(by_.size());
    by_.insert(by_.end(), more.begin(), more.end());
    hear();
  }
  void ended(std::size_t job, const JobEnd &end) {
    if (job >= has_ended_.size() || has_ended_[job]) return;
    has_ended_[job] = true;
    ++ended_;
    queue_.ended(job, end);
  }
  /// Jobs of ranks that have died.
  void look_for_the_dead() {
    for (std::size_t job = 0; job < by_.size(); ++job) {
      if (has_ended_[job] || by_[job] == 0 || !folder_.is_gone(by_[job])) continue;
      hear(); // it may have told the end before its own
      ended(job, {-1, 0, fmt::format("rank {}, which ran it, is gone", by_[job])});
    }
  }

private:
  void hear() {
    for (const auto &[job, end] : folder_.ends(heard_)) {
      ++heard_;
      if (job < by_.size()) ended(job, end);
    }
  }

  const JobQueue &queue_;
  const QueueFolder &folder_;
  std::vector<std::size_t> by_; // by job: the rank that began it
  std::vector<bool> has_ended_;
  std::size_t ended_ = 0, heard_ = 0;
};

// Ranks that come late find no queue any more, so those that are about to come are waited for.
void wait_for_late_ranks(const QueueFolder &folder, std::size_t count, const std::atomic<bool> *stop) {
  const auto until = PollClock::now() + std::chrono::seconds(20);
  for (std::size_t rank = 1; rank < count; ++rank)
    while (!folder.has_entered(rank) && PollClock::now() < until && !(stop && *stop))
      std::this_thread::sleep_for(milliseconds(20));
}

} // namespace

QueueLeader::~QueueLeader() {
  std::error_code error;
  if (lead_.descriptor() >= 0) std::filesystem::remove_all(folder_.path(), error); // else the next queue does
}

void QueueLeader::run(const JobQueue &queue) {
  const ChildSignal child_ends;
  std::vector<Job> all;
  for (std::size_t k = 0; k < queue.count; ++k) all.push_back(queue.job(k));
  ChildPrograms own;
  lead_ = folder_.publish(all, launch_);
  SharedJobs jobs(queue, folder_);
  Every look(milliseconds(200)), look_for_the_dead(milliseconds(1000));
  bool stopping = false, none_left = false;
  LauncherAlive launcher;
  while (true) {
    launcher.check();
    if (!stopping && queue.stop && *queue.stop) {
      stopping = true;
      folder_.tell_stop();
      own.end();
    }
    if (!stopping && !none_left && own.count() == 0) {
      if (const auto job = folder_.claim(0, queue.count)) {
        if (const int refused = own.start(all[*job], *job, queue.keep_open, child_ends.before())) no_child(refused);
        jobs.look();
      } else {
        none_left = true;
      }
    }
    wait_for_child();
    for (const auto &[job, end] : own.take_ended()) jobs.ended(job, end);
    if (look.due() || stopping) jobs.look();
    if (look_for_the_dead.due()) jobs.look_for_the_dead();
    if (queue.waits) queue.waits(jobs.running());
    if (jobs.all_ended() || (stopping && jobs.running() == 0)) break;
  }
  if (!stopping) wait_for_late_ranks(folder_, count_, queue.stop);
}

Served serve_queue(const QueueFolder &folder, std::size_t rank, const std::string &launch, const std::string &program,
                   const std::atomic<bool> *stop, milliseconds patience) {
  std::optional<std::vector<Job>> jobs;
  const auto until = PollClock::now() + patience;
  while (!(jobs = folder.jobs(launch))) {
    if (stop && *stop) return Served::stopped;
    if (PollClock::now() > until) return Served::never_began;
    std::this_thread::sleep_for(milliseconds(50));
  }
  for (auto &job : *jobs)
    if (!job.words.empty()) job.words.front() = program;
  const ChildSignal child_ends;
  const auto own_file = folder.enter(rank);
  ChildPrograms own;
  Every look(milliseconds(200));
  std::optional<Served> why; // it ends
  const auto end_because = [&](Served reason) {
    why = reason;
    own.end();
  };
  LauncherAlive launcher;
  while (true) {
    launcher.check();
    if (!why && stop && *stop) end_because(Served::stopped);
    if (!why && (look.due() || own.count() == 0)) {
      if (folder.stop_was_told())
        end_because(Served::stopped);
      else if (!folder.leader_is_alive())
        end_because(own.count() > 0 ? Served::leader_gone : Served::all);
    }
    if (!why && own.count() == 0) {
      const auto job = folder.claim(rank, jobs->size());
      if (!job) return Served::all;
      if (const int refused = own.start((*jobs)[*job], *job, own_file.descriptor(), child_ends.before()))
        no_child(refused);
    }
    wait_for_child();
    for (const auto &[job, end] : own.take_ended())
      if (folder.leader_is_alive()) folder.tell_end(job, end);
    if (why && own.count() == 0) break;
  }
  const auto at_most = PollClock::now() + std::chrono::seconds(10);
  while (why == Served::stopped && folder.leader_is_alive() && PollClock::now() < at_most)
    std::this_thread::sleep_for(milliseconds(20));
  return *why;
}

} // namespace engram::studies
