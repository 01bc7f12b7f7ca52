// A study that several processes do together, as mpirun, mpiexec and srun start them.
#include "catch.hpp"
#include "cli/study_tables.hpp"
#include "command.hpp"

#include <algorithm>
#include <string>

using command::contains;
using command::Folder;
using study_tables::rows_of;
using study_tables::without_seconds;
using study_tables::write_study;

namespace {

// MPICH's launcher tells each process its place by these variables; no MPI is needed for it. Then the shell's `then`,
// in which ranks are $r0, $r1, $r2, and the end of all: the exit codes are in the file `exits`, rank 0's is returned.
command::Result three_ranks(const Folder &folder, const std::string &arguments, const std::string &then = "") {
  folder.write("ranks.sh", "for rank in 0 1 2; do PMI_RANK=$rank PMI_SIZE=3 \"$1\" study " + arguments +
                               " & eval r$rank=$!; done\nlook() { sleep 0.02; n=$((n+1)); [ $n -lt 3000 ]; }\nn=0\n" +
                               then + "\nwait $r1; e1=$?; wait $r2; e2=$?; wait $r0; e0=$?\n" +
                               "echo $e0 $e1 $e2 >exits; exit $e0\n");
  return command::run_program("/bin/bash", "ranks.sh '" ENGRAM_BUILD_DIR "/engram'", folder.path);
}

// Until rank 1 has begun a run and there is a checkpoint of it: then its number is $run.
const std::string wait_for_rank_1 = "run=; while [ -z \"$run\" ] && look; do run=$(awk '$1 == 1 { print NR; exit }' "
                                    "out/ranks/claims 2>/dev/null); done\n"
                                    "while [ ! -e out/runs/000$run.nwb.checkpoint ] && look; do :; done\n";

std::string exits(const Folder &folder) { return command::slurp(folder.path / "exits"); }

std::string status_counts(const study_tables::Rows &rows) {
  std::string out;
  for (const char *status : {"complete", "failed", "interrupted", "missing"}) {
    const auto count = std::count_if(rows.begin(), rows.end(), [&](const auto &row) { return row[1] == status; });
    if (count > 0) out += std::string(out.empty() ? "" : ", ") + std::to_string(count) + " " + status;
  }
  return out;
}

void check_resumed_as(const Folder &folder, const char *whole) {
  const auto on = command::engram("study s.json --out out --resume --quiet", folder.path);
  INFO(on.err);
  REQUIRE(on.exit == 0);
  CHECK(without_seconds(folder.path / whole / "results.csv") == without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / whole / "summary.csv") == command::slurp(folder.path / "out/summary.csv"));
}

const std::string mpirun = "/usr/bin/mpirun";
const std::string mpi_settings = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
                                 "OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none ";

bool no_mpirun() {
  if (command::fs::exists(mpirun)) return false;
  WARN("skipped: no " << mpirun);
  return true;
}

command::Result under_mpirun(const Folder &folder, const std::string &arguments) {
  return command::run_program(mpirun, arguments, folder.path, mpi_settings);
}

} // namespace

TEST_CASE("a study has the same tables whether one process does it or three ranks", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder, "400");
  REQUIRE(command::engram("study s.json --out alone --quiet", folder.path).exit == 0);
  const auto r = three_ranks(folder, "s.json --out out --quiet");
  INFO(r.err);
  REQUIRE(exits(folder) == "0 0 0\n");
  CHECK(r.err.empty());
  CHECK(r.out.starts_with("small: 4 of 4 runs complete\n")); // said once
  CHECK(without_seconds(folder.path / "alone/results.csv") == without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / "alone/summary.csv") == command::slurp(folder.path / "out/summary.csv"));
  CHECK(!command::fs::exists(folder.path / "out/ranks"));
}

TEST_CASE("a rank that dies loses its run alone, which is named, and goes on later", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder, "150000");
  REQUIRE(command::engram("study s.json --out whole --quiet", folder.path).exit == 0);
  write_study(folder, "150000", "every=0.2s");
  const auto r = three_ranks(folder, "s.json --out out --quiet", wait_for_rank_1 + "kill -KILL $r1; echo $run >lost");
  INFO(r.err);
  CHECK(exits(folder) == "1 137 0\n");
  const auto lost = std::stoul(command::slurp(folder.path / "lost"));
  CHECK(contains(r.err, "engram: run " + std::to_string(lost) + " ("));
  CHECK(contains(r.err, " failed: rank 1, which ran it, is gone (all that it said: "));
  CHECK(
      contains(r.err, "engram: 1 of 4 runs is not complete; engram study s.json --out out --resume goes on with it\n"));
  const auto rows = rows_of(folder.path / "out/results.csv");
  CHECK(status_counts(rows) == "3 complete, 1 failed");
  CHECK(rows.at(lost)[1] == "failed");
  check_resumed_as(folder, "whole");
}

TEST_CASE("ranks that lose the first end their runs with checkpoints", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder, "150000");
  REQUIRE(command::engram("study s.json --out whole --quiet", folder.path).exit == 0);
  write_study(folder, "150000", "every=0.2s");
  const auto r = three_ranks(folder, "s.json --out out --quiet", wait_for_rank_1 + "kill -KILL $r0");
  INFO(r.err);
  CHECK(exits(folder) == "137 1 1\n");
  CHECK(contains(
      r.err, "rank 1: engram: rank 0 is gone, and what this rank ran has ended; --resume goes on with the study\n"));
  check_resumed_as(folder, "whole");
}

TEST_CASE("ranks that a launcher asks to end keep the states of all runs", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder, "1000000", "every=0.2s");
  const auto r = three_ranks(folder, "s.json --out out --quiet", wait_for_rank_1 + "kill -TERM $r0 $r1 $r2");
  INFO(r.err);
  CHECK(exits(folder) == "1 1 1\n");
  CHECK(r.err == "engram: interrupted; 4 of 4 runs are not complete; engram study s.json --out out --resume goes on "
                 "with them\n");
  CHECK(status_counts(rows_of(folder.path / "out/results.csv")) == "3 interrupted, 1 missing");
  for (const auto *name : {"0001.nwb", "0002.nwb", "0003.nwb"}) {
    CHECK(command::fs::exists(folder.path / "out/runs" / name)); // as a run that ends by itself leaves it
    CHECK(!command::fs::exists(folder.path / "out/runs" / (std::string(name) + ".partial")));
  }
}

TEST_CASE("ranks whose launcher is killed end with the states of all runs", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder, "1000000", "every=0.2s");
  folder.write("launch.sh", "PMI_RANK=1 PMI_SIZE=2 \"$1\" study s.json --out out --quiet &\n"
                            "PMI_RANK=0 PMI_SIZE=2 \"$1\" study s.json --out out --quiet\n");
  folder.write("go.sh",
               "look() { sleep 0.02; n=$((n+1)); [ $n -lt 3000 ]; }\nn=0\nbash launch.sh \"$1\" & launcher=$!\n" +
                   wait_for_rank_1 + "kill -KILL $launcher\nwhile [ -e out/ranks ] && look; do :; done\n");
  command::run_program("/bin/bash", "go.sh '" ENGRAM_BUILD_DIR "/engram'", folder.path);
  INFO(command::slurp(folder.path / "out/results.csv"));
  // A run whose rank ends before rank 0 hears of it counts as failed, by its word that it was interrupted.
  const auto counts = status_counts(rows_of(folder.path / "out/results.csv"));
  CHECK((counts == "2 interrupted, 2 missing" || counts == "1 failed, 1 interrupted, 2 missing"));
  for (const auto *name : {"0001.nwb", "0002.nwb"}) CHECK(command::fs::exists(folder.path / "out/runs" / name));
}

TEST_CASE("what is wrong with a study is told once by ranks, and nothing is written", "[cli][studies][ranks]") {
  const Folder folder;
  write_study(folder);
  folder.write("w.json", R"({ "model": "xor.json", "vary": { "/task/batch": [1, -1] } })");
  const auto files = folder.files();
  const auto r = three_ranks(folder, "w.json");
  CHECK(exits(folder) == "2 2 2\n");
  CHECK(r.err == "w.json:1: /vary/~1task~1batch: run 2 (/task/batch = -1): /task/batch: must be at least 1, not -1\n");
  CHECK(folder.files() == files + 2); // the script, and the exit codes
  CHECK(contains(three_ranks(folder, "s.json --jobs 2").err,
                 "engram study: --jobs does not go with ranks, each of which does one run at a time\n"));
}

TEST_CASE("mpirun does a study, and its tables are those of one process", "[cli][studies][mpi]") {
  if (no_mpirun()) return;
  const Folder folder;
  write_study(folder, "400");
  REQUIRE(command::engram("study s.json --out alone --quiet", folder.path).exit == 0);
  for (const std::string ranks : {"1", "2", "3"}) {
    CAPTURE(ranks);
    const auto out = "out" + ranks;
    const auto r =
        under_mpirun(folder, "-n " + ranks + " '" ENGRAM_BUILD_DIR "/engram' study s.json --quiet --out " + out);
    INFO(r.err);
    REQUIRE(r.exit == 0);
    CHECK(r.out.starts_with("small: 4 of 4 runs complete\n"));
    CHECK(without_seconds(folder.path / "alone/results.csv") == without_seconds(folder.path / out / "results.csv"));
    CHECK(command::slurp(folder.path / "alone/summary.csv") == command::slurp(folder.path / out / "summary.csv"));
  }
}

TEST_CASE("commands that one process does are refused under mpirun, in one line", "[cli][mpi]") {
  if (no_mpirun()) return;
  const Folder folder;
  const auto r = under_mpirun(folder, "-n 3 '" ENGRAM_BUILD_DIR "/engram' rules");
  CHECK(r.exit == 2);
  CHECK(r.out.empty());
  const std::string line = "engram: rules is done by one process, and the launcher started 3\n";
  REQUIRE(contains(r.err, line));
  CHECK(r.err.find(line) == r.err.rfind(line));
}
