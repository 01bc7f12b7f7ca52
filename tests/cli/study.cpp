// engram study as a user calls it.
#include "catch.hpp"
#include "cli/small_model.hpp"
#include "cli/study_tables.hpp"
#include "command.hpp"
#include "run_numbers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

using command::contains;
using command::Folder;
using study_tables::rows_of;
using study_tables::without_seconds;
using study_tables::write_study;

namespace {

// `engram study ARGUMENTS` in the background, as $study; then the shell's `then`.
command::Result study_and(const Folder &folder, const std::string &arguments, const std::string &then) {
  folder.write("go.sh",
               "engram=$1\n\"$engram\" study " + arguments + " & study=$!\n" + then + "\nwait $study; exit $?\n");
  const Folder scratch;
  const auto out = scratch.path / "out", err = scratch.path / "err";
  const std::string line = "cd '" + folder.path.string() + "' && bash go.sh '" + ENGRAM_BUILD_DIR + "/engram' >'" +
                           out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, command::slurp(out), command::slurp(err)};
}

// Until a file of `out/runs` is there, or $study has ended; for a minute at most.
std::string wait_for(const std::string &pattern) {
  return "n=0; while ! ls out/runs/" + pattern +
         " >/dev/null 2>&1 && kill -0 $study && [ $n -lt 3000 ]; do sleep 0.02; n=$((n+1)); done\n";
}

} // namespace

TEST_CASE("a study's runs have the bits of engram run, and its table is in its order", "[cli][studies]") {
  const Folder folder;
  write_study(folder);
  const auto r = command::engram("study s.json --out out --quiet --jobs 3", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  CHECK(r.err.empty());
  CHECK(r.out.starts_with("small: 4 of 4 runs complete\n"));
  CHECK(contains(r.out, "\nbest by training loss: "));
  REQUIRE(
      command::engram("run xor.json --quiet --out alone.nwb --seed 4 --set /task/epochs=4 "
                      "--set /learning/rules/local/plugin=backprop --set /learning/rules/local/rate=0.1 --threads 2",
                      folder.path)
          .exit == 0);
  CHECK(run_numbers::differences((folder.path / "alone.nwb").string(), (folder.path / "out/runs/0004.nwb").string())
            .empty());
  const auto rows = rows_of(folder.path / "out/results.csv");
  REQUIRE(rows.size() == 5);
  CHECK(std::vector<std::string>(rows[0].begin(), rows[0].begin() + 6) ==
        std::vector<std::string>{"run", "status", "rule", "/learning/rules/local/rate", "seed", "epochs"});
  CHECK(std::vector<std::string>(rows[3].begin(), rows[3].begin() + 6) ==
        std::vector<std::string>{"3", "complete", "backprop", "0.1", "3", "4"});
  // The summary, by hand: n = 2, so sd = |a − b| / √2, and half an interval is t(0.975, 1) |a − b| / 2 = 12.7062 …
  const double a = std::stod(rows[3][6]), b = std::stod(rows[4][6]);
  const auto summary = rows_of(folder.path / "out/summary.csv");
  REQUIRE(summary.size() == 3);
  CHECK(summary[0][4] == "training_loss_mean");
  CHECK(std::stod(summary[2][4]) == Approx((a + b) / 2));
  CHECK(std::stod(summary[2][5]) == Approx(std::abs(a - b) / std::sqrt(2)));
  CHECK(std::stod(summary[2][6]) == Approx((a + b) / 2 - 12.7062047 * std::abs(a - b) / 2).epsilon(1e-6));

  const auto again = command::engram("study s.json --out out --quiet", folder.path);
  CHECK(again.exit == 2);
  const auto same = command::engram("study s.json --out out --resume --json", folder.path);
  REQUIRE(same.exit == 0);
  const auto j = nlohmann::json::parse(command::last_line(same.out));
  CHECK(j.at("complete") == 4);
  CHECK(j.at("by") == "training loss");
  CHECK(j.at("combinations").at(1).at("mean").get<double>() == Approx((a + b) / 2));
  CHECK(j.at("combinations").at(1).at("varied").at("rule") == "backprop");
}

TEST_CASE("a study that is killed takes its runs with it, and resumed ends with the same table", "[cli][studies]") {
  const Folder folder;
  write_study(folder, "4000");
  REQUIRE(command::engram("study s.json --out whole --quiet", folder.path).exit == 0);
  write_study(folder, "4000", "every=0.06s");
  const auto killed =
      study_and(folder, "s.json --out out --quiet --jobs 2", wait_for("*.checkpoint") + "kill -KILL $study");
  CHECK(killed.exit == 137);
  // It waits for the runs of the killed one to have ended, and would be refused if they lived on.
  const auto on = command::engram("study s.json --out out --resume --quiet --jobs 1", folder.path);
  INFO(on.err);
  REQUIRE(on.exit == 0);
  CHECK(without_seconds(folder.path / "whole/results.csv") == without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / "whole/summary.csv") == command::slurp(folder.path / "out/summary.csv"));
  for (const auto *name : {"0001.nwb", "0002.nwb", "0004.nwb"})
    CHECK(run_numbers::differences((folder.path / "whole/runs" / name).string(),
                                   (folder.path / "out/runs" / name).string())
              .empty());
}

TEST_CASE("a study that is interrupted ends its runs with their state, and says how it goes on", "[cli][studies]") {
  const Folder folder;
  write_study(folder, "1000000", "every=0.1s");
  const auto r = study_and(folder, "s.json --out out --quiet --jobs 2",
                           wait_for("*.checkpoint") +
                               "\"$engram\" study s.json --out out --resume --quiet 2>second; echo $? >>second\n"
                               "kill -INT $study");
  INFO(r.err);
  CHECK(command::slurp(folder.path / "second") ==
        "engram: " + (folder.path / "out").string() + ": another program is at work on this study\n1\n");
  CHECK(r.exit == 1);
  CHECK(contains(r.err,
                 "engram: interrupted; 4 of 4 runs are not complete; engram study s.json --out out --resume goes "
                 "on with them\n"));
  CHECK(command::fs::exists(folder.path / "out/runs/0001.nwb"));
  CHECK(!command::fs::exists(folder.path / "out/runs/0003.nwb"));
  const auto rows = rows_of(folder.path / "out/results.csv");
  CHECK(rows[1][1] == "interrupted");
  CHECK(rows[3][1] == "missing");
  CHECK(!command::fs::exists(folder.path / "out/runs/0001.nwb.checkpoint")); // its run file has the state
}

TEST_CASE("a run that fails is named, and the others go on", "[cli][studies]") {
  const Folder folder;
  // At the rate 1e200 weights leave the range of numbers.
  folder.write("m.json", command::small_model("hebb"));
  folder.write("s.json", R"({ "model": "m.json", "vary": { "/learning/rules/r/rate": [0.001, 1e200, 0.002] } })");
  const auto r = command::engram("study s.json --quiet", folder.path);
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "engram: run 2 (/learning/rules/r/rate = 1e+200) failed: "));
  CHECK(contains(r.err, "engram: 1 of 3 runs is not complete; engram study s.json --out s --resume goes on with it\n"));
  const auto rows = rows_of(folder.path / "s/results.csv");
  REQUIRE(rows.size() == 4);
  CHECK(rows[1][1] == "complete");
  CHECK(rows[2][1] == "failed");
  CHECK(rows[3][1] == "complete");
  const auto files = [&] {
    return std::distance(command::fs::directory_iterator(folder.path / "s/runs"), command::fs::directory_iterator());
  };
  const auto before = files();
  CHECK(command::engram("study s.json --resume --quiet", folder.path).exit == 1); // it fails again
  CHECK(files() == before);
}

TEST_CASE("runs that read different states of a file are told of", "[cli][studies]") {
  const Folder folder;
  write_study(folder);
  folder.write("a.csv", "-1,-1\n-1,1\n1,-1\n1,1\n");
  folder.write("s.json", R"({ "model": "xor.json", "runs": { "epochs": 2 }, "seeds": 2,
    "set": { "/task/stimuli/inputs": { "file": "a.csv" } } })");
  REQUIRE(command::engram("study s.json --quiet", folder.path).exit == 0);
  command::fs::remove(folder.path / "s/runs/0001.nwb");
  folder.write("a.csv", "-1,-1\n-1,1\n1,-1\n1,2\n");
  const auto r = command::engram("study s.json --quiet --resume", folder.path);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "engram: run 2 read another state of " + (folder.path / "a.csv").string() + " than run 1"));
  command::fs::remove(folder.path / "s/runs/0002.nwb");
  CHECK(command::engram("study s.json --quiet --resume", folder.path).exit == 0);
}

TEST_CASE("a study with a wrong run writes nothing", "[cli][studies]") {
  const Folder folder;
  write_study(folder);
  folder.write("w.json", R"({ "model": "xor.json", "vary": { "/task/batch": [1, -1] }, "seeds": 2 })");
  const auto r = command::engram("study w.json", folder.path);
  CHECK(r.exit == 2);
  CHECK(r.err == "w.json:1: /vary/~1task~1batch: run 3 (/task/batch = -1, seed 1) and 1 other: /task/batch: must be at "
                 "least 1, not -1\n");
  CHECK(folder.files() == 3);
  const auto listed = command::engram("study s.json --dry-run", folder.path);
  CHECK(listed.exit == 0);
  CHECK(std::count(listed.out.begin(), listed.out.end(), '\n') == 5);
  CHECK(folder.files() == 3);
}

TEST_CASE("folders of plugins count from where a study is called", "[cli][studies]") {
  const Folder folder;
  command::fs::create_directories(folder.path / "sub");
  command::fs::create_directories(folder.path / "mine");
  command::fs::create_symlink(command::test_plugin("my_hebb"), folder.path / "mine/my_hebb.so");
  folder.write("sub/m.json", command::small_model("my_hebb"));
  folder.write("sub/s.json", R"({ "model": "m.json", "runs": { "epochs": 2 } })");
  const auto r = command::engram("study sub/s.json --quiet", folder.path, "ENGRAM_PLUGIN_PATH=mine ");
  INFO(r.err);
  CHECK(r.exit == 0);
}

TEST_CASE("file names in a study count from its folder, wherever it is called", "[cli][studies]") {
  const Folder folder;
  write_study(folder);
  command::fs::create_directory(folder.path / "sub");
  folder.write("sub/a.csv", "-1,-1\n-1,1\n1,-1\n1,1\n");
  folder.write("sub/b.csv", "-2,-2\n-2,2\n2,-2\n2,2\n");
  folder.write("sub/s.json", R"({ "model": "../xor.json", "runs": { "epochs": 2 },
    "vary": { "/task/stimuli/inputs": [{ "file": "a.csv" }, { "file": "b.csv" }] } })");
  const auto r = command::engram("study sub/s.json --quiet", folder.path);
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK(command::fs::exists(folder.path / "s/runs/0002.nwb"));
  CHECK(rows_of(folder.path / "s/results.csv").size() > 2);
}
