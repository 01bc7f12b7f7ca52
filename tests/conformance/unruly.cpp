// `engram check-rule` finds rules that change the process in which they run, and tables whose promises do not hold.
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

using namespace command;

namespace {

const std::string unruly_plugins = std::string(ENGRAM_BUILD_DIR) + "/tests/plugins/";

// The check that failed, and why.
nlohmann::json failed_check(const std::string &file, const std::string &before, const fs::path &folder) {
  const auto told = command::engram("check-rule " + file + " --json --seconds 60", folder, before);
  INFO(before << ": " << told.out << told.err);
  CHECK(told.exit == 1);
  const auto report = nlohmann::json::parse(told.out);
  for (const auto &check : report.at("checks"))
    if (!check.at("passed")) return check;
  return {{"name", "none"}, {"reason", ""}};
}

std::string deed_is(const std::string &what) { return "ENGRAM_TEST_DEED=" + what; }

} // namespace

TEST_CASE("check-rule names what a rule leaves otherwise than it found it", "[conformance]") {
  const Folder folder;
  folder.write("victim", "still here");
  const auto file = unruly_plugins + "unruly.so";
  const auto sound = command::engram("check-rule " + file + " --seconds 60", folder.path);
  INFO(sound.out);
  REQUIRE(sound.exit == 0);
  struct Case {
    std::string deed, check, reason;
  };
  for (const auto &[what, name, reason] : {
#if defined(__SSE__)
         Case{"flush", "process", "flush-to-zero"},
#endif
             Case{"rounding", "process", "rounding mode"},
             Case{"locale,environment,handler,block,umask,open", "process",
                  "leaves another locale, other environment variables, other signal handlers, other signals blocked, "
                  "another mask of file modes, files open"},
             Case{"print-error", "process", "prints: here I am"}, Case{"chdir", "process", "folder"},
             Case{"thread", "process", "leaves threads that go on"}, Case{"alarm", "process", "leaves a timer"},
             Case{"timer", "process", "leaves a timer"}, Case{"write", "process", "opens a file for writing"},
             Case{"remove", "process", "removes a file"}, Case{"program", "process", "starts a program"},
             Case{"exit", "process", "exit()"}, Case{"quit", "process", "ends the process"},
             Case{"load-exit", "table", "exit()"}, Case{"load-write", "table", "opens a file for writing"},
             Case{"load-handler", "process", "as it is loaded, leaves other signal handlers"},
             Case{"endless-message", "process", "reports an error: xxx"},
             Case{"escape-message", "process", "reports an error: ?[31mred"},
       }) {
    const auto check = failed_check(file, deed_is(what), folder.path);
    INFO(what << ": " << check.dump());
    CHECK(check.at("name") == name);
    CHECK(contains(check.at("reason"), reason));
  }
  CHECK(slurp(folder.path / "victim") == "still here");
  CHECK(folder.files() == 1); // none was made
}

TEST_CASE("check-rule refuses what no region offers, another name than the file's, and tables beyond the limits",
          "[conformance]") {
  const Folder folder;
  const auto why = [&](const std::string &plugin, const std::string &what = "nothing") {
    const auto check = failed_check(unruly_plugins + plugin + ".so", deed_is(what), folder.path);
    CHECK(check.at("name") == "table");
    return check.at("reason").get<std::string>();
  };
  CHECK(contains(why("unknown_signal"), "no region offers: unknown signal 'eror'; did you mean 'error'?"));
  CHECK(contains(why("other_name"), "calls itself 'somebody_else'"));
  CHECK(contains(why("unruly", "17-states"), "17 presynaptic states are more than 16"));
  CHECK(contains(why("unruly", "17-factors"), "17 factors are more than 16"));
}

TEST_CASE("check-rule says where the system lets no calls be watched", "[conformance]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  WARN("not tried: a sanitizer is loaded before any other library");
#else
  const command::Folder folder;
  const std::string line = "leaves the process as it found it";
  CHECK_FALSE(contains(command::engram("check-rule hebb", folder.path).out, "were not watched"));
  const auto told =
      command::engram("check-rule hebb", folder.path, "LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/no_seccomp.so'");
  CHECK(told.exit == 0);
  CHECK(contains(told.out, line + "; files and programs were not watched: this system offers no seccomp"));
#endif
}

TEST_CASE("an endless rule is ended when the time for all checks is over", "[conformance]") {
  const Folder folder;
  const auto told = command::engram("check-rule " + unruly_plugins + "broken_hang.so --json --seconds 4", folder.path);
  CHECK(told.exit == 1);
  const auto report = nlohmann::json::parse(told.out);
  CHECK(report.at("checks").size() == 2); // the table, and the one that does not end; the other eleven are not made
  // "does not return" comes first, or "is not done" where other programs had the processor for half of the time.
  CHECK(contains(report.at("checks").back().at("reason"), "; the 4 s for all checks are over"));
}

TEST_CASE("when check-rule is killed, the rule that it tries ends as well", "[conformance]") {
  const Folder folder;
  fs::copy_file(unruly_plugins + "unruly.so", folder.path / "unruly.so"); // a name that no other process has open
  const std::string line = "cd '" + folder.path.string() + "' && ENGRAM_TEST_DEED=hang exec '" + ENGRAM_BUILD_DIR +
                           "/engram' check-rule ./unruly.so --seconds 60 >/dev/null 2>&1";
  const pid_t shell = fork();
  REQUIRE(shell >= 0);
  if (shell == 0) {
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    _exit(127);
  }
  // Processes that have the rule open.
  const auto running = [&] {
    std::size_t count = 0;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
      const auto maps = slurp(entry.path() / "maps");
      count += contains(maps, (folder.path / "unruly.so").string());
    }
    return count;
  };
  // Several times in a row, for a child that reads the table has it open for a moment.
  const auto wait_until = [&](bool there) {
    int in_a_row = 0;
    for (int k = 0; k < 300 && in_a_row < 5; ++k) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      in_a_row = (running() > 0) == there ? in_a_row + 1 : 0;
    }
    return in_a_row == 5;
  };
  CHECK(wait_until(true));
  kill(shell, SIGKILL);
  int status = 0;
  waitpid(shell, &status, 0);
  CHECK(wait_until(false));
}
