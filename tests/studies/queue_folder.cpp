// The folder by which processes share a queue.
#include "studies/queue_folder.hpp"
#include "catch.hpp"
#include "command.hpp"
#include "studies/local_queue.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace engram;
using command::Folder;

namespace {

// A folder with the jobs a, b, … of one letter.
struct Shared {
  Folder scratch;
  studies::QueueFolder folder{(scratch.path / "ranks").string()};
  studies::LockedFile lead;
  explicit Shared(std::size_t jobs) {
    std::vector<studies::Job> list;
    for (std::size_t k = 0; k < jobs; ++k) list.push_back({{std::string(1, static_cast<char>('a' + k))}, "log"});
    lead = folder.publish(list, "launch");
  }
};

} // namespace

TEST_CASE("each job of a shared queue is begun once, whoever asks at the same time", "[studies][ranks]") {
  constexpr std::size_t jobs = 300, ranks = 6;
  const Folder scratch;
  const studies::QueueFolder folder((scratch.path / "ranks").string());
  const auto lead = folder.publish(std::vector<studies::Job>(jobs), "");
  std::vector<std::vector<std::size_t>> mine(ranks);
  std::vector<std::thread> threads;
  for (std::size_t rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      const studies::QueueFolder own(folder.path()); // with files that it opens itself, as a process does
      while (const auto job = own.claim(rank, jobs)) mine[rank].push_back(*job);
    });
  for (auto &thread : threads) thread.join();
  std::vector<std::size_t> all;
  const auto by = folder.claims(0);
  REQUIRE(by.size() == jobs);
  for (std::size_t rank = 0; rank < ranks; ++rank)
    for (const auto job : mine[rank]) {
      all.push_back(job);
      CHECK(by[job] == rank);
    }
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == jobs);
  for (std::size_t k = 0; k < jobs; ++k) CHECK(all[k] == k);
}

TEST_CASE("a record that a killed rank wrote half is written anew", "[studies][ranks]") {
  const Shared shared(3);
  CHECK(shared.folder.claim(1, 3) == 0U);
  std::ofstream(shared.folder.path() + "/claims", std::ios::app) << "   ";
  CHECK(shared.folder.claims(0) == std::vector<std::size_t>{1});
  CHECK(shared.folder.claim(2, 3) == 1U);
  CHECK(shared.folder.claims(0) == std::vector<std::size_t>{1, 2});
  shared.folder.tell_end(1, {-1, 9, {}});
  std::ofstream(shared.folder.path() + "/ends", std::ios::app) << "        0 ";
  shared.folder.tell_end(0, {127, 0, {}});
  const auto ends = shared.folder.ends(0);
  REQUIRE(ends.size() == 2);
  CHECK(ends[0].first == 1);
  CHECK(ends[0].second.signal == 9);
  CHECK(ends[1].first == 0);
  CHECK(ends[1].second.exit_code == 127);
  CHECK(shared.folder.ends(1).size() == 1);
  CHECK(shared.folder.claim(1, 3) == 2U);
  CHECK(!shared.folder.claim(1, 3));
}

TEST_CASE("jobs are there as long as their leader lives, for ranks of the same launch", "[studies][ranks]") {
  Shared shared(2);
  const auto jobs = shared.folder.jobs("launch");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 2);
  CHECK((*jobs)[1].words == std::vector<std::string>{"b"});
  CHECK(!shared.folder.jobs("another"));
  {
    const auto rank = shared.folder.enter(3);
    CHECK(shared.folder.has_entered(3));
    CHECK(!shared.folder.is_gone(3));
  }
  CHECK(shared.folder.is_gone(3));
  shared.lead = {};
  CHECK(!shared.folder.leader_is_alive());
  CHECK(!shared.folder.jobs("launch"));
  shared.folder.clear();
  CHECK(!command::fs::exists(shared.folder.path()));
}

TEST_CASE("a program that is started for a study knows nothing of the launcher of ranks", "[studies][ranks]") {
  const Folder folder;
  const char *names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"};
  for (const auto *name : names) ::setenv(name, "1", 1);
  ::setenv("ENGRAM_TEST_STAYS", "1", 1);
  studies::JobQueue queue;
  queue.count = 1;
  queue.job = [&](std::size_t) -> studies::Job {
    return {{"/bin/sh", "-c", "env >&2"}, (folder.path / "log").string()};
  };
  queue.ended = [](std::size_t, const studies::JobEnd &end) { CHECK(end.exit_code == 0); };
  studies::run_local_queue(queue);
  for (const auto *name : names) ::unsetenv(name);
  ::unsetenv("ENGRAM_TEST_STAYS");
  const auto seen = command::slurp(folder.path / "log");
  CHECK(command::contains(seen, "ENGRAM_TEST_STAYS=1\n"));
  for (const auto *name : names) CHECK(!command::contains(seen, name));
}
