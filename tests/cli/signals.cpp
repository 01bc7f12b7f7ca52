// These tests send signals in the middle of a trial, while the network is built, and a second time. No test asserts a
// time. The work would take hours, so a program that ends did not wait for it.
#include "catch.hpp"
#include "cli/run_and_signal.hpp"
#include "cli/small_model.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <csignal>

using namespace command;

namespace {

// One trial of 10^9 steps, whose potential is recorded.
void write_endless(const Folder &folder) {
  folder.write("endless.json", R"({
  "name": "endless",
  "time": { "step": 1 },
  "architecture": {
    "regions": {
      "in": { "size": 1, "dynamics": "input" },
      "out": { "size": 1, "dynamics": "leaky_rate" }
    },
    "projections": [ { "from": "in", "to": "out" } ]
  },
  "task": {
    "stimuli": { "inputs": [[1]] },
    "trial": [ { "phase": "p", "duration": 1000000000, "stimulus": "in" } ]
  },
  "record": { "out": { "signals": ["rate"], "every": 1000 } }
})");
}

} // namespace

TEST_CASE("a signal ends a trial between two steps, and what was simulated by then is saved", "[cli][signals]") {
  const Folder folder;
  write_endless(folder);
  for (const std::string signal : {"INT", "TERM", "HUP", "XCPU", "USR1"}) {
    const auto r = run_and_signal(folder, "endless.json", "kill -" + signal + " $run");
    INFO(signal << "\n" << r.err);
    CHECK(r.exit == 1);
    CHECK(contains(r.err, "interrupted; what was done until then is in run.nwb"));
    {
      const ::engram::record::RunReader file((folder.path / "run.nwb").string());
      const auto trials = file.trials();
      REQUIRE(trials.size() == 1);
      CHECK(trials[0].stop_s > 0);
      CHECK(trials[0].stop_s < 1e6); // not the whole trial
      const auto series = file.series();
      REQUIRE(series.size() == 1);
      REQUIRE(series[0].samples > 0);
      const auto times = file.times(series[0]);
      CHECK(times.back() <= trials[0].stop_s);
    }
    fs::remove(folder.path / "run.nwb");
    CHECK(folder.files() == 2); // endless.json, go.sh
  }
}

TEST_CASE("what an interrupted run leaves does not replace a complete file", "[cli][signals]") {
  const Folder folder;
  write_endless(folder);
  REQUIRE(
      command::engram("run endless.json --quiet --set /task/trial/0/duration=1000 --out run.nwb", folder.path).exit ==
      0);
  const auto before = slurp(folder.path / "run.nwb");
  const auto r = run_and_signal(folder, "endless.json", "kill -TERM $run");
  CHECK(r.exit == 1);
  CHECK(slurp(folder.path / "run.nwb") == before);
  CHECK(fs::exists(folder.path / "run.interrupted.nwb"));
  CHECK(contains(r.err, "run.interrupted.nwb"));
}

TEST_CASE("under nohup a hangup ends nothing", "[cli][signals]") {
  const Folder folder;
  write_endless(folder);
  const auto r = run_and_signal(folder, "endless.json",
                                "kill -HUP $run; sleep 1; kill -0 $run && echo lives; kill -INT $run", "trap '' HUP");
  CHECK(r.exit == 1);
  CHECK(contains(r.out, "lives"));
}

TEST_CASE("a second signal ends the program at once, whatever it is in", "[cli][signals]") {
  const Folder folder;
  // A rule that never returns: the first signal is remembered, and nobody asks for it.
  folder.write("hang.json", small_model(test_plugin("broken_hang")));
  const auto r = run_and_signal(folder, "hang.json", "kill -INT $run; sleep 1; kill -INT $run");
  INFO(r.err);
  CHECK(r.exit == 128 + 2);
}

TEST_CASE("a signal while the network is built ends the program with one line, and nothing is written",
          "[cli][signals]") {
  const Folder folder;
  // 10^11 pairs of neurons are tried: hours.
  folder.write("large.json", R"({
  "precision": "single",
  "architecture": {
    "regions": {
      "in": { "size": 300000, "dynamics": "poisson" },
      "out": { "size": 300000, "dynamics": "lif", "receptors": { "d": "delta" } }
    },
    "projections": [ { "from": "in", "to": "out.d",
                       "connect": { "type": "gaussian", "sigma": 0.000001, "peak": 0.5 } } ]
  },
  "task": { "trial": [ { "phase": "p", "duration": 1 } ] }
})");
  const auto r = command::engram("run large.json --quiet", folder.path, "timeout -k 60 -s INT 3");
  INFO(r.err);
  CHECK(r.exit == 124); // of timeout: it had to ask
  CHECK(contains(r.err, "engram: interrupted"));
  CHECK(folder.files() == 1);
}
