// --print-jobs: what other programs make of it.
#include "catch.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"
#include "run_numbers.hpp"

#include <string>

using command::contains;
using command::Folder;

namespace {

// In a folder whose name a shell, make and Python would take apart, and with a value of such a kind.
const std::string go_there = "cd *x} && ";

command::fs::path write_quoted_study(const Folder &folder) {
  const auto place = folder.path / "it's $HOME #1 {x}";
  command::fs::create_directory(place);
  folder.write("it's $HOME #1 {x}/xor.json",
               R"({ "extends": ")" + command::model("credit-assignment/xor.json") + "\" }");
  folder.write("it's $HOME #1 {x}/s.json", R"({ "model": "xor.json", "runs": { "epochs": 2 }, "seeds": 2,
    "vary": { "/name": ["it's \"$5\" {a} #b\\n", "plain"] } })");
  return place;
}

void check_collected(const Folder &folder, const command::fs::path &place) {
  REQUIRE(command::fs::exists(place / "s/results.csv"));
  const auto csv = command::slurp(place / "s/results.csv");
  CHECK(contains(csv, "\n4,complete,plain,2,2,"));
  CHECK(!contains(csv, "missing"));
  REQUIRE(command::engram("run xor.json --quiet --out alone.nwb --seed 2 --set /task/epochs=2", folder.path, go_there)
              .exit == 0);
  CHECK(run_numbers::differences((place / "alone.nwb").string(), (place / "s/runs/0002.nwb").string()).empty());
}

// Is the program here? The tests of what others make of a study need it.
bool is_here(const char *program) {
  if (command::fs::exists(program)) return true;
  WARN("skipped: no " << program);
  return false;
}

} // namespace

TEST_CASE("make does the runs of a study, and collects", "[cli][studies]") {
  if (!is_here("/usr/bin/make")) return;
  const Folder folder;
  const auto place = write_quoted_study(folder);
  const auto printed = command::engram("study s.json --print-jobs make", folder.path, go_there);
  INFO(printed.err);
  REQUIRE(printed.exit == 0);
  folder.write("it's $HOME #1 {x}/jobs.mk", printed.out);
  const auto made = command::run_program("/usr/bin/make", "-f jobs.mk -j 2", folder.path, go_there);
  INFO(made.out << made.err);
  REQUIRE(made.exit == 0);
  check_collected(folder, place);
  const auto none = command::engram("study s.json --print-jobs make --resume", folder.path, go_there);
  CHECK(none.exit == 2);
  CHECK(contains(none.err, "all runs are complete: there is no job to print"));
}

// sbatch(1): --parsable prints the job's number; without a file the script comes from stdin; --array and the rest of
// the options stand in lines that begin with #SBATCH.
TEST_CASE("a job array does the runs of a study, and the job after it collects", "[cli][studies]") {
  const Folder folder;
  const auto place = write_quoted_study(folder);
  folder.write("sbatch", R"(#!/bin/bash
case $1 in
--parsable)
  echo "7;cluster"
  array=$(sed -n 's/^#SBATCH --array=//p' "$2")
  test "$array" = 1-4 || exit 1
  for k in 1 2 3 4; do SLURM_ARRAY_TASK_ID=$k bash "$2" >&2 || exit 1; done ;;
--dependency=afterany:7) bash ;;
*) exit 1 ;;
esac
)");
  command::fs::permissions(folder.path / "sbatch", command::fs::perms::owner_all);
  const auto printed = command::engram("study s.json --print-jobs slurm", folder.path, go_there);
  REQUIRE(printed.exit == 0);
  folder.write("it's $HOME #1 {x}/jobs.sh", printed.out);
  const auto done = command::run_program("/bin/bash", "jobs.sh", folder.path,
                                         go_there + "PATH=\"" + folder.path.string() + ":$PATH\"");
  INFO(done.out << done.err);
  REQUIRE(done.exit == 0);
  check_collected(folder, place);
}

TEST_CASE("a Snakefile holds each run as a text of Python", "[cli][studies]") {
  if (!is_here("/usr/bin/python3")) return;
  const Folder folder;
  const auto place = write_quoted_study(folder);
  const auto printed = command::engram("study s.json --print-jobs snakemake", folder.path, go_there);
  REQUIRE(printed.exit == 0);
  // What is Python of it, up to the first rule, is run by Python, and a run as snakemake's shell would.
  const auto rules = printed.out.find("\nrule collect:");
  REQUIRE(rules != std::string::npos);
  folder.write("try.py", printed.out.substr(0, rules) + "\nimport subprocess, sys\n"
                                                        "for line in [*RUNS.values(), COLLECT]:\n"
                                                        "    subprocess.run(['bash', '-c', line], check=True)\n");
  const auto tried = command::run_program("/usr/bin/python3", "try.py", folder.path);
  INFO(tried.err);
  REQUIRE(tried.exit == 0);
  check_collected(folder, place);
  CHECK(contains(printed.out.substr(rules), "        touch(\""));
  CHECK(contains(printed.out.substr(rules), "{{x}}/s/runs/{run}.done\")"));
  CHECK(contains(printed.out.substr(rules), "line=lambda wildcards: RUNS[wildcards.run]"));
}

TEST_CASE("jobs are printed for what is missing, and runs that were begun go on", "[cli][studies]") {
  const Folder folder;
  folder.write("xor.json", R"({ "extends": ")" + command::model("credit-assignment/xor.json") + "\" }");
  folder.write("s.json", R"({ "model": "xor.json", "runs": { "epochs": 2 }, "seeds": 3 })");
  REQUIRE(command::engram("study s.json --print-jobs make", folder.path).exit == 0);
  REQUIRE(
      command::engram("run xor.json --quiet --out s/runs/0001.nwb --seed 1 --set /task/epochs=2", folder.path).exit ==
      0);
  REQUIRE(
      command::engram("run xor.json --quiet --out s/runs/0002.nwb --seed 2 --set /task/epochs=2", folder.path).exit ==
      0);
  // As a checkpoint that a killed run leaves.
  const hid_t file = H5Fopen((folder.path / "s/runs/0002.nwb").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  REQUIRE(file >= 0);
  engram::data::hdf5::remove(file, "/scratch/status");
  H5Fclose(file);
  command::fs::rename(folder.path / "s/runs/0002.nwb", folder.path / "s/runs/0002.nwb.checkpoint");
  const auto printed = command::engram("study s.json --print-jobs slurm --resume", folder.path);
  REQUIRE(printed.exit == 0);
  CHECK(contains(printed.out, "#SBATCH --array=2-3\n"));
  CHECK(contains(printed.out, "2) exec "));
  CHECK(contains(printed.out, " run --resume " + (folder.path / "s/runs/0002.nwb").string()));
  CHECK(contains(printed.out, "--set /task/epochs=2 --seed 3 ;;"));
  CHECK(command::engram("study s.json --print-jobs slrm --resume", folder.path).err ==
        "engram: --print-jobs: unknown system 'slrm'; did you mean 'slurm'?\n");
}
