// `mpirun -n K engram run`: what the ranks find together is what one process finds, bit for bit. Random numbers are
// counters (Salmon et al. 2011, SC '11), each target sums in one order, and nothing else could differ: so the property
// is equality, at any number of ranks and threads.
#include "catch.hpp"
#include "command.hpp"
#include "run_numbers.hpp"

#include "ranks/ranks.hpp"

#include <fmt/format.h>

using command::contains;

namespace {

// Says so where there is no MPI: the test counts as skipped.
bool has_mpi() {
  const auto library = engram::ranks::examine(ENGRAM_BUILD_DIR "/libengram_mpi.so");
  const bool there = library.problem.empty() && std::system("command -v mpirun >/dev/null 2>&1") == 0;
  if (!there) WARN("there is no MPI here, or no mpirun: skipped");
  return there;
}

// As many ranks as asked for, on whatever cores there are, also by root; they wait without taking the core.
std::string mpirun(int ranks, const std::string &limit = "timeout 300") {
  return fmt::format("OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "
                     "OMPI_MCA_mpi_yield_when_idle=1 {} mpirun -q -n {}",
                     limit, ranks);
}

command::Result run_by(int ranks, int threads, const std::string &arguments, const std::string &out,
                       const command::fs::path &folder) {
  return command::engram(fmt::format("run {} --out {} --threads {}", arguments, out, threads), folder,
                         ranks == 1 ? "" : mpirun(ranks));
}

// The numbers of the run files of one process, and of several numbers of ranks and threads.
void check_same(const std::string &arguments) {
  if (!has_mpi()) return;
  const command::Folder folder;
  REQUIRE(run_by(1, 1, arguments, "one.nwb", folder.path).exit == 0);
  for (const auto &[ranks, threads] : {std::pair{1, 2}, {2, 1}, {2, 2}, {4, 1}, {4, 2}}) {
    CAPTURE(arguments, ranks, threads);
    const auto result = run_by(ranks, threads, arguments, "several.nwb", folder.path);
    CAPTURE(result.err);
    REQUIRE(result.exit == 0);
    CHECK(run_numbers::differences(folder.path / "one.nwb", folder.path / "several.nwb").empty());
  }
  const run_numbers::ForeignFile file(folder.path / "one.nwb");
  CHECK(file.numbers<double>("/units/spike_times").size() > 500); // silence would be alike too
}

// Delays that are drawn, short-term plasticity, adaptation, all kinetics of currents, noise, an input, and learning.
const char *const mixed = R"({
  "seed": 5, "time": { "step": 0.1 },
  "architecture": { "regions": {
      "chance": { "size": 200, "dynamics": { "type": "poisson", "rate": 20 } },
      "drive": { "size": 3, "dynamics": "input" },
      "E": { "size": 700, "dynamics": { "type": "lif", "tau": { "uniform": { "low": 15, "high": 25 } }, "adaptation": 2 },
             "noise": { "type": "gaussian", "sd": 20 }, "initial": { "uniform": { "low": -70, "high": -50 } },
             "receptors": { "ampa": { "type": "exponential", "tau": 3, "background_rate": 2000, "background_weight": 60 },
                            "gaba": { "type": "alpha", "tau": 5 } } },
      "I": { "size": 300, "dynamics": "lif",
             "receptors": { "ampa": { "type": "exponential", "tau": 3, "background_rate": 2000, "background_weight": 60 },
                            "gaba": { "type": "exponential", "tau": 5 } } } },
    "projections": [
      { "from": "drive", "to": "E.soma", "weights": { "normal": { "mean": 0, "sd": 5 } } },
      { "from": "chance", "to": "E.ampa", "connect": { "type": "fixed_probability", "probability": 0.2 }, "weights": 40,
        "delay": { "uniform": { "low": 1, "high": 3 } } },
      { "from": "E", "to": "E.ampa", "connect": { "type": "fixed_probability", "probability": 0.1 },
        "weights": { "normal": { "mean": 20, "sd": 5 } }, "constraints": { "minimum": 0 },
        "delay": { "normal": { "mean": 3, "sd": 0.3 } },
        "short_term": { "type": "tsodyks_markram", "use": 0.4, "tau_rec": 200, "tau_facil": 50 } },
      { "from": "E", "to": "I.ampa", "connect": { "type": "fixed_indegree", "indegree": 70 }, "weights": 25, "delay": 2 },
      { "from": "I", "to": "E.gaba", "connect": { "type": "fixed_indegree", "indegree": 30 }, "weights": -60,
        "delay": { "uniform": { "low": 1.5, "high": 2.5 } } },
      { "from": "I", "to": "I.gaba", "connect": { "type": "fixed_probability", "probability": 0.1 }, "weights": -60,
        "delay": 2 } ] },
  "task": { "stimuli": { "drives": [[1, 0, 2]] }, "trial": [ { "phase": "run", "duration": 150, "stimulus": { "drive": "drives" } } ] },
  "record": { "E": ["spike"], "I": ["spike"], "chance": ["spike"] } })";

} // namespace

TEST_CASE("Vogels and Abbott's network spikes the same on any number of ranks and threads", "[ranks][mpi]") {
  check_same(command::model("spiking/vogels-abbott-coba.json") + " --set /task/trial/0/duration=60");
}

TEST_CASE("Brunel's network, with delays, spikes the same on any number of ranks and threads", "[ranks][mpi][slow]") {
  check_same(command::model("spiking/brunel.json") + " --set /task/trial/0/duration=40");
}

TEST_CASE("what synapses learn at spikes is the same on any number of ranks and threads", "[ranks][mpi]") {
  check_same(command::model("spiking/inhibitory-plasticity.json") +
             " --set /task/trial/0/duration=20 --set /task/trial/1/duration=30");
  check_same(command::model("spiking/stdp-triplet.json") + " --set /task/trial/0/duration=3000");
}

TEST_CASE("drawn delays, short-term plasticity and noise are the same on any number of ranks", "[ranks][mpi]") {
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  check_same(model);
}

TEST_CASE("signals that rank 0 gathers, and trials side by side, are the same on any number of ranks",
          "[ranks][mpi][slow]") {
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  check_same(model + " --set '/record/E=[\"spike\",\"potential\",\"trace\",\"a\"]' --set /task/trial/0/duration=40");
  check_same(model + " --set '/task/stimuli/drives=[[1,0,2],[0,1,1],[3,0,0]]' --set /task/batch=2 --set /task/epochs=2 "
                     "--set /task/trial/0/duration=40");
}

TEST_CASE("learning with drawn delays is the same on any number of ranks", "[ranks][mpi]") {
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  check_same(
      model +
      " --set '/learning={\"rules\":{\"r\":{\"plugin\":\"stdp_pair\",\"rate\":0.5}}}'"
      " --set '/architecture/projections/2/rule=\"r\"' --set /task/epochs=2"
      " --set '/architecture/projections/2/delay={\"normal\":null,\"axonal\":{\"uniform\":{\"low\":0.5,\"high\":2}},"
      "\"dendritic\":0.5}' --set '/architecture/projections/2/short_term=\"none\"'"
      " --set '/task/trial/0/plastic=true' --set /task/trial/0/duration=60");
}

TEST_CASE("what ranks cannot share out is refused in one line, and once", "[ranks][mpi]") {
  if (!has_mpi()) return;
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  REQUIRE(run_by(1, 1, model + " --set /task/trial/0/duration=5", "one.nwb", folder.path).exit == 0);
  const std::pair<std::string, std::string> cases[] = {
      {"run " + command::model("digits.json"), "ranks share out spiking neurons, and there are none"},
      {"run " + model + " --set '/architecture/regions/I/dynamics=\"adex\"'",
       "ranks do not share out neurons of 'adex'"},
      {"run " + model + " --weights one.nwb", "several ranks do not take --weights"},
      {"run " + model + " --checkpoint epoch", "several ranks do not take --checkpoint"},
      {"run --resume one.nwb", "several ranks do not take --resume"},
      {"run " + model + " --set '/initial={\"run\":\"one.nwb\"}'", "ranks do not share out the weights of a run file"},
      {"run " + model + " --out no/such/folder.nwb", "no/such/folder.nwb: cannot be written"},
      {"inspect one.nwb", "inspect is done by one process, and the launcher started 2"}};
  for (const auto &[arguments, expected] : cases) {
    CAPTURE(arguments, expected);
    const auto result = command::engram(arguments, folder.path, mpirun(2));
    CAPTURE(result.err, result.out);
    CHECK(result.exit == 2);
    const auto at = result.err.find(expected);
    CHECK(at != std::string::npos);
    CHECK(result.err.find(expected, at + 1) == std::string::npos);
    CHECK_FALSE(contains(result.err, "rank 1"));
  }
}

TEST_CASE("processes of a launcher do nothing where there is no library of MPI", "[ranks]") {
  const command::Folder folder;
  const auto program = folder.path / "bin";
  command::fs::create_directory(program);
  command::fs::copy_file(ENGRAM_BUILD_DIR "/engram", program / "engram");
  const auto result = command::run_program(program / "engram", "run " + command::model("spiking/brunel.json"),
                                           folder.path, "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=4");
  CHECK(result.exit == 2);
  CHECK(contains(result.err, "the launcher started 4 processes, and they cannot work together: there is no "));
  CHECK_FALSE(command::fs::exists(folder.path / "brunel.nwb"));
}

TEST_CASE("a number that is not finite on one rank ends all of them, told once", "[ranks][mpi]") {
  if (!has_mpi()) return;
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  const std::string arguments = model + " --set /architecture/projections/1/weights=3e38 --set '/precision=\"single\"'";
  const auto one = run_by(1, 1, arguments, "one.nwb", folder.path);
  const auto two = run_by(2, 1, arguments, "two.nwb", folder.path);
  CAPTURE(one.err, two.err);
  CHECK(one.exit == 1);
  CHECK(two.exit == 1);
  const auto at = two.err.find("engram: region 'E', neuron ");
  REQUIRE(at != std::string::npos);
  CHECK(two.err.find("engram: region", at + 1) == std::string::npos);
  CHECK(contains(two.err, "two"));
}

TEST_CASE("a signal ends all ranks, and what was done is kept", "[ranks][mpi][slow]") {
  if (!has_mpi()) return;
  const command::Folder folder;
  const auto model = folder.write("mixed.json", mixed);
  const auto result = command::run_program(ENGRAM_BUILD_DIR "/engram",
                                           "run " + model + " --out r.nwb --threads 1 --set /task/trial/0/duration=1e7",
                                           folder.path, mpirun(2, "timeout -s TERM 8"));
  CAPTURE(result.err);
  CHECK(result.exit != 0);
  const run_numbers::ForeignFile file(folder.path / "r.nwb");
  CHECK(file.numbers<double>("/units/spike_times").size() > 500);
  CHECK(contains(result.err, "engram: interrupted; what was done until then is in "));
}
