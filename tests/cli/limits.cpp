// These tests run engram under limits of the process: a file that grows too large, and a small address space.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_file.hpp"
#include "record/run_read.hpp"

#include <cstdlib>
#include <thread>

using namespace command;

namespace {

#if !defined(__SANITIZE_THREAD__) // which needs a second thread
// engram in a folder that any user can write to, by a user who may have no second process or thread. Limits of that
// kind do not hold for root, who becomes another user.
// The address sanitizer would look for leaks in one more process.
Result as_the_only_process(const Folder &folder, const std::string &arguments) {
  fs::permissions(folder.path, fs::perms::all);
  fs::copy_file(std::string(ENGRAM_BUILD_DIR) + "/engram", folder.path / "engram", fs::copy_options::skip_existing);
  const std::string user = geteuid() == 0 ? "setpriv --reuid 65534 --clear-groups " : "";
  const std::string line = "cd '" + folder.path.string() + "' && " + user +
                           "env ASAN_OPTIONS=detect_leaks=0 bash -c 'ulimit -u 1; exec ./engram " + arguments +
                           "' >out 2>err </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(folder.path / "out"), slurp(folder.path / "err")};
}
#endif

} // namespace

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

TEST_CASE("a npy file that is larger than memory may be is inspected", "[cli][limits]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  WARN("not tried: sanitizers reserve terabytes of addresses");
#else
  const Folder folder;
  for (const std::string order : {"False", "True"}) {
    std::string header = "{'descr': '<f8', 'fortran_order': " + order + ", 'shape': (1000, 1000000), }";
    header.resize(117, ' ');
    const auto path = folder.write("large.npy", std::string("\x93NUMPY\x01\0\x76\0", 10) + header + "\n");
    fs::resize_file(path, 128 + 8'000'000'000); // a hole: it takes no room on the disk
    const auto r = command::engram("inspect large.npy", folder.path, "ulimit -v 2000000; timeout 60");
    INFO(r.err);
    CHECK(r.exit == 0);
    CHECK(contains(r.out, "1000 × 1000000 float64: 0, 0, 0"));
  }
#endif
}

// Results do not depend on threads, so what may have one alone computes with it.
TEST_CASE("where no thread can be started a run takes one, and says so; more that are asked for are refused",
          "[cli][limits]") {
#if defined(__SANITIZE_THREAD__)
  WARN("not tried: the sanitizer has a thread of its own");
#else
  const Folder folder;
  folder.write("m.json", R"({
  "architecture": { "regions": { "a": { "size": 2, "dynamics": "leaky_rate" } } },
  "task": { "trial": [ { "phase": "p", "duration": 1 } ] }
})");
  const auto run = as_the_only_process(folder, "run m.json --quiet");
  INFO(run.err);
  CHECK(run.exit == 0);
  CHECK(run.err.empty());
  const auto told = as_the_only_process(folder, "run m.json --out other.nwb");
  INFO(told.err);
  CHECK(told.exit == 0);
  CHECK((std::thread::hardware_concurrency() < 2 || contains(told.err, "1 can be started")));
  for (const std::string command : {"run m.json --threads 3", "fidelity m.json --threads 3"}) {
    const auto refused = as_the_only_process(folder, command);
    INFO(refused.err);
    CHECK(refused.exit == 1);
    CHECK(refused.err == "engram: of 3 threads 1 can be started, because the number of processes is limited (ulimit "
                         "-u, or pids.max of the control group): raise the limit, or take --threads 1\n");
  }
  // What lies where the run file goes is looked at in a process of its own.
  const auto over = as_the_only_process(folder, "run m.json --quiet");
  INFO(over.err);
  CHECK(over.exit == 1);
  CHECK(contains(over.err, "m.nwb: cannot be read: cannot start a process: their number is limited (ulimit -u"));
  CHECK(over.err.find('\n') + 1 == over.err.size());
#endif
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // the sanitizer's library has to be loaded first
// As one of many on a machine: runs of a study, jobs of a cluster. Networks of spikes are also built by several
// threads.
TEST_CASE("with --threads 1 no second thread is started, while a network is built neither", "[cli][limits]") {
  const Folder folder;
  folder.write("m.json", R"({
  "architecture": {
    "regions": {
      "a": { "size": 600, "dynamics": { "type": "poisson", "rate": 50 } },
      "b": { "size": 600, "dynamics": "lif", "receptors": { "in": { "type": "exponential", "tau": 5 } } } },
    "projections": [ { "from": "a", "to": "b.in", "connect": { "type": "fixed_probability", "probability": 0.1 },
                       "weights": 1, "delay": { "uniform": { "low": 1, "high": 3 } } } ]
  },
  "task": { "trial": [ { "phase": "p", "duration": 5 } ] }
})");
  const auto one = "LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/one_thread.so'";
  const auto result = command::engram("run m.json --quiet --threads 1", folder.path, one);
  INFO(result.err);
  CHECK(result.exit == 0);
  if (std::thread::hardware_concurrency() > 1)
    CHECK(command::engram("run m.json --threads 2", folder.path, one).exit != 0);
}
#endif
