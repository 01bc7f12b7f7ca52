// A run that is killed again and again, wherever it is, ends with the numbers of one that was not.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "numeric/random.hpp"
#include "run_numbers.hpp"
#include "session/session_run.hpp"

#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace engram;
using command::Folder;

namespace {

session::Session open_to_be_killed() {
  model::LoadOptions options;
  options.settings = {"/task/epochs=60", "/learning/rules/local/optimizer=momentum"};
  return session::open(command::model("credit-assignment/xor.json"), options,
                       {{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}});
}

// Goes on with what there is of the run, or begins it.
void go_on(session::Session &opened, const std::string &path) {
  session::Run run(opened, 1);
  try {
    run.resume(session::find_run(path));
  } catch (const data::DataError &) { // nothing was saved yet
  }
  run.save_to(path, false, {session::CheckpointPolicy::When::epoch, 0});
  run.simulate();
}

// A process of its own goes on with the run, for so long. Has it ended by itself?
bool go_on_and_be_killed(session::Session &opened, const std::string &path, useconds_t after) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      go_on(opened, path);
    } catch (...) { // told by its exit code
      ::_exit(1);
    }
    ::_exit(0);
  }
  ::usleep(after);
  ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) REQUIRE(WEXITSTATUS(status) == 0);
  return WIFEXITED(status);
}

void kill_often(std::size_t times) {
  // In memory: what a kill does not undo need not reach a disk.
  const char *before = std::getenv("TMPDIR");
  const std::string usual = before ? before : "/tmp";
  if (command::fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
  const Folder folder;
  ::setenv("TMPDIR", usual.c_str(), 1);
  auto opened = open_to_be_killed();
  const auto initial = opened.network;
  const auto whole = (folder.path / "whole.nwb").string(), path = (folder.path / "run.nwb").string();
  go_on(opened, whole);
  std::size_t done = 0, kills = 0;
  const numeric::Random moments{7, numeric::Purpose::choice, 0};
  for (std::size_t k = 0; k < times; ++k) {
    opened.network = initial;
    kills += !go_on_and_be_killed(opened, path, static_cast<useconds_t>(60000 * moments.uniform(k)));
    if (command::fs::exists(path)) { // it was done, whatever became of its process
      CHECK(run_numbers::differences(whole, path).empty());
      command::fs::remove(path);
      command::fs::remove(path + ".checkpoint");
      done = 0;
      continue;
    }
    const bool saved = command::fs::exists(path + ".checkpoint");
    REQUIRE((saved || done == 0)); // nothing that was saved is lost
    if (!saved) continue;
    const auto found = session::find_run(path);
    CAPTURE(k, found.file);
    REQUIRE(found.has_state);
    REQUIRE(found.epochs_done >= done);
    done = found.epochs_done;
  }
  CHECK(kills > times / 2);
  opened.network = initial;
  go_on(opened, path);
  CHECK(run_numbers::differences(whole, path).empty());
  CHECK(!command::fs::exists(path + ".checkpoint"));
  CHECK(!command::fs::exists(path + ".partial"));
}

} // namespace

TEST_CASE("a run that is killed tens of times goes on each time", "[session][resume]") { kill_often(30); }

TEST_CASE("a run that is killed hundreds of times goes on each time", "[session][resume][slow]") { kill_often(500); }
