// These tests run engram under limits of the process: a file that grows too large, and a small address space.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_file.hpp"
#include "record/run_read.hpp"

using namespace command;

TEST_CASE("a run file that may not grow ends the run with exit 1 and a line; what was saved opens", "[cli][limits]") {
  const Folder folder;
  std::string row = "1";
  for (int k = 1; k < 100; ++k) row += ",1";
  folder.write("long.json", R"({
  "name": "long",
  "time": { "step": 1 },
  "architecture": {
    "regions": {
      "in": { "size": 100, "dynamics": "input" },
      "out": { "size": 100, "dynamics": { "type": "leaky_rate" },
               "noise": { "type": "gaussian", "sd": 1 } }
    },
    "projections": [ { "from": "in", "to": "out" } ]
  },
  "task": {
    "stimuli": { "inputs": [[)" +
                                row + R"(]] },
    "trial": [ { "phase": "p", "duration": 20000 } ]
  },
  "record": { "out": { "signals": ["rate"] } }
})");
  const Folder spare;
  // 2 MB; 100 neurons × 20000 steps of noise take 16.
  const auto r = command::engram("run long.json --quiet", folder.path, "ulimit -f 2000; TMPDIR=" + spare.path.string());
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "long.nwb.partial"));
  CHECK(contains(r.err, "File too large"));
  CHECK(!contains(r.err, "HDF5-DIAG"));
  CHECK(!fs::exists(folder.path / "long.nwb"));
  // Weights are small, and are saved where there is room.
  CHECK(::engram::record::RunReader((spare.path / "long.nwb").string()).projections().size() == 1);
}

TEST_CASE("a limit in which no run file can begin is told as a limit, not as a full disk", "[cli][limits]") {
  const Folder folder;
  const auto r = command::engram("run " + command::model("credit-assignment/xor.json") + " --quiet --out r.nwb",
                                 folder.path, "ulimit -f 10;");
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "File too large"));
  CHECK(folder.files() == 0);
}

TEST_CASE("a run file that is being written is told as that", "[cli][limits]") {
  const Folder folder;
  {
    engram::record::RunInfo info;
    info.session_start = "2026-01-31T12:00:00+01:00";
    const engram::record::RunFile being_written((folder.path / "r.nwb").string(), info);
    const auto r = command::engram("inspect r.nwb.partial", folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, "is being written by another program"));
  }
}

TEST_CASE("under a small address space the program says so and ends", "[cli][limits]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  WARN("not tried: sanitizers reserve terabytes of addresses");
#else
  const Folder folder;
  const auto r = command::engram("run " + command::model("credit-assignment/xor.json") + " --quiet --threads 1",
                                 folder.path, "ulimit -v 200000; timeout 60");
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "ulimit -v"));
  CHECK(folder.files() == 0);
#endif
}

TEST_CASE("a model that needs more than the limit leaves is refused before work begins", "[cli][limits]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  WARN("not tried: sanitizers reserve terabytes of addresses");
#else
  const Folder folder;
  folder.write("large.json", R"({
  "architecture": {
    "regions": { "a": { "size": 20000, "dynamics": "leaky_rate" }, "b": { "size": 20000, "dynamics": "leaky_rate" } },
    "projections": [ { "from": "a", "to": "b" } ]
  },
  "task": { "trial": [ { "phase": "p", "duration": 1 } ] }
})");
  // 20000² weights of 8 bytes are 3.2 GB.
  const auto r = command::engram("run large.json --quiet --threads 1", folder.path, "ulimit -v 2000000; timeout 60");
  INFO(r.err);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "3.2 GB"));
  CHECK(contains(r.err, "ulimit -v"));
#endif
}
