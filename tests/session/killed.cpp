// A run that is killed again and again, wherever it is, ends with the numbers of one that was not.
#include "catch.hpp"
#include "command.hpp"
#include "numeric/random.hpp"
#include "record/is_run_file.hpp"
#include "run_numbers.hpp"
#include "session/mixed_circuit.hpp"
#include "session/session_run.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

session::Session open_to_be_killed(const std::string &file, const std::vector<std::string> &settings) {
  model::LoadOptions options;
  options.settings = settings;
  return session::open(file, options, {{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}});
}

session::Session open_xor() {
  return open_to_be_killed(command::model("credit-assignment/xor.json"),
                           {"/task/epochs=60", "/learning/rules/local/optimizer=momentum"});
}

// A killed run leaves nothing to go on with only before the first flush of its file.
bool has_begun(const std::string &path) {
  return command::fs::exists(path) || command::fs::exists(path + ".checkpoint") ||
         record::is_run_file(path + ".partial");
}

// Goes on with what there is of the run, or begins it.
void go_on(session::Session &opened, const std::string &path) {
  session::Run run(opened, 1);
  if (has_begun(path)) run.resume(session::find_run(path));
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

// What lies in the folder, but for the empty files of those that were killed before their file had a name.
std::vector<std::string> files_of(const Folder &folder) {
  std::vector<std::string> names;
  for (const auto &entry : command::fs::directory_iterator(folder.path))
    if (const auto name = entry.path().filename().string(); !command::contains(name, ".partial-"))
      names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

// Kills the run of `opened` so often, each time within `longest` microseconds.
void kill_often(session::Session opened, std::size_t times, double longest) {
  // In memory: what a kill does not undo need not reach a disk.
  const char *before = std::getenv("TMPDIR");
  const std::string usual = before ? before : "/tmp";
  if (command::fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
  const Folder folder;
  ::setenv("TMPDIR", usual.c_str(), 1);
  const auto initial = opened.network;
  const auto whole = (folder.path / "whole.nwb").string(), path = (folder.path / "run.nwb").string();
  go_on(opened, whole);
  std::size_t done = 0, kills = 0;
  const numeric::Random moments{7, numeric::Purpose::choice, 0};
  for (std::size_t k = 0; k < times; ++k) {
    opened.network = initial;
    kills += !go_on_and_be_killed(opened, path, static_cast<useconds_t>(longest * moments.uniform(k)));
    if (command::fs::exists(path)) { // it was done, whatever became of its process
      CHECK(run_numbers::differences(whole, path).empty());
      for (const auto &name : files_of(folder))
        if (name != "whole.nwb") command::fs::remove(folder.path / name);
      done = 0;
      continue;
    }
    const bool saved = command::fs::exists(path + ".checkpoint");
    REQUIRE((saved || done == 0)); // nothing that was saved is lost
    if (!has_begun(path))
      command::fs::remove(path + ".partial"); // killed before its first flush: it would be kept aside
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
  CHECK(files_of(folder) == std::vector<std::string>{"run.nwb", "whole.nwb"}); // nothing is left of what was killed
}

} // namespace

TEST_CASE("a run that is killed tens of times goes on each time", "[session][resume]") {
  kill_often(open_xor(), 30, 60000);
}

TEST_CASE("a killed run that keeps the best weights, and has a test, goes on", "[session][resume]") {
  kill_often(open_to_be_killed(command::model("credit-assignment/xor.json"),
                               {"/task/epochs=60", "/task/held_out=1", "/task/test=1", "/task/keep=best"}),
             20, 60000);
}

TEST_CASE("a killed run that recorded spikes leaves nothing behind once it has gone on", "[session][resume]") {
  const Folder folder;
  kill_often(open_to_be_killed(folder.write("model.json", mixed_circuit()), {"/task/epochs=40"}), 12, 60000);
}

TEST_CASE("a run that is killed hundreds of times goes on each time", "[session][resume][slow]") {
  kill_often(open_xor(), 500, 60000);
}
