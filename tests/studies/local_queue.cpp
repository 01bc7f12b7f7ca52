// The queue of programs: order, how many at once, how they end, and that none outlives it.
#include "studies/local_queue.hpp"
#include "catch.hpp"
#include "command.hpp"

#include <atomic>
#include <csignal>
#include <map>
#include <stdexcept>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

studies::JobQueue queue_of(const Folder &folder, const std::vector<std::string> &scripts, std::size_t at_once,
                           std::map<std::size_t, studies::JobEnd> &ends) {
  studies::JobQueue queue;
  queue.count = scripts.size();
  queue.at_once = at_once;
  queue.job = [&folder, scripts](std::size_t k) -> studies::Job {
    return {{"/bin/sh", "-c", scripts[k]}, (folder.path / ("log" + std::to_string(k))).string()};
  };
  queue.ended = [&ends](std::size_t k, studies::JobEnd end) { ends[k] = end; };
  return queue;
}

} // namespace

TEST_CASE("programs of a queue end as they end, and their words are kept", "[studies]") {
  const Folder folder;
  std::map<std::size_t, studies::JobEnd> ends;
  auto queue = queue_of(folder, {"exit 0", "echo no >&2; exit 3", "kill -KILL $$", "cat; exit 4"}, 2, ends);
  studies::run_local_queue(queue);
  REQUIRE(ends.size() == 4);
  CHECK(ends[0].exit_code == 0);
  CHECK(ends[1].exit_code == 3);
  CHECK(command::slurp(folder.path / "log1") == "no\n");
  CHECK(ends[2].exit_code == -1);
  CHECK(ends[2].signal == SIGKILL);
  CHECK(ends[3].exit_code == 4); // it had nothing to read
}

TEST_CASE("no more programs are at work than were asked for, and that many are", "[studies]") {
  const Folder folder;
  std::map<std::size_t, studies::JobEnd> ends;
  // Each waits until another has been there, so that they end only where two are at work.
  const std::string wait = "touch $$.here; n=0; while [ $(ls *.here | wc -l) -lt 2 ] && [ $n -lt 500 ]; do sleep 0.01; "
                           "n=$((n+1)); done; test $n -lt 500";
  const std::string one = "cd '" + folder.path.string() + "'; " + wait;
  auto queue = queue_of(folder, {one, one, one, one}, 2, ends);
  std::size_t most = 0;
  queue.waits = [&](std::size_t running) { most = std::max(most, running); };
  studies::run_local_queue(queue);
  CHECK(most <= 2);
  for (const auto &[k, end] : ends) CHECK(end.exit_code == 0);
}

TEST_CASE("a queue that is asked to end ends its programs, and begins no more", "[studies]") {
  const Folder folder;
  std::map<std::size_t, studies::JobEnd> ends;
  std::atomic<bool> stop{false};
  // A handler of this program must not take a child's signal.
  const auto before = std::signal(SIGTERM, [](int) {});
  auto queue =
      queue_of(folder, {"exec sleep 100", "trap 'echo ended >&2; exit 1' TERM; while :; do sleep 0.01; done", "exit 0"},
               2, ends);
  queue.stop = &stop;
  int ticks = 0;
  queue.waits = [&](std::size_t) { stop = ++ticks > 3; };
  studies::run_local_queue(queue);
  std::signal(SIGTERM, before);
  REQUIRE(ends.size() == 2);
  CHECK(ends[0].signal == SIGTERM);
  CHECK(ends[1].exit_code == 1);
  CHECK(command::slurp(folder.path / "log1") == "ended\n");
}

TEST_CASE("where a queue's caller throws, its programs end first", "[studies]") {
  const Folder folder;
  std::map<std::size_t, studies::JobEnd> ends;
  auto queue =
      queue_of(folder, {"trap 'echo ended >&2; exit 1' TERM; echo ready >&2; while :; do sleep 0.01; done"}, 1, ends);
  queue.waits = [&](std::size_t) {
    if (command::slurp(folder.path / "log0") == "ready\n") throw std::runtime_error("enough");
  };
  CHECK_THROWS_WITH(studies::run_local_queue(queue), "enough");
  CHECK(command::slurp(folder.path / "log0") == "ready\nended\n");
}

TEST_CASE("a program that is not there ends with a line in its log", "[studies]") {
  const Folder folder;
  std::map<std::size_t, studies::JobEnd> ends;
  auto queue = queue_of(folder, {""}, 1, ends);
  queue.job = [&](std::size_t) -> studies::Job { return {{"/no/such/program"}, (folder.path / "log").string()}; };
  studies::run_local_queue(queue);
  CHECK(ends[0].exit_code == 127);
  CHECK(command::slurp(folder.path / "log") == "engram: the program cannot be started\n");
}
