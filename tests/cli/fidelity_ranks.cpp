// engram fidelity, whose samples ranks share.
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <string>

using command::Folder;

namespace {

// What was measured, but for the times that it took.
nlohmann::json without_cost(const std::string &out) {
  auto all = nlohmann::json::parse(command::last_line(out), nullptr, false);
  if (all.is_object()) all.erase("cost");
  return all;
}

} // namespace

// The intervals reach the precision before all samples are taken, so that the ranks must end at the same one; and
// samples of minibatches are taken twice.
TEST_CASE("fidelity has the same numbers, bit for bit, at any number of ranks", "[cli][fidelity][mpi]") {
  const std::string mpirun = "/usr/bin/mpirun";
  if (!command::fs::exists(mpirun) || !command::fs::exists(ENGRAM_BUILD_DIR "/libengram_mpi.so")) {
    WARN("skipped: no " << mpirun << ", or engram was built without MPI");
    return;
  }
  const Folder folder;
  const std::string what = "fidelity '" + command::model("digits/node_perturbation.json") +
                           "' --at initial,25% --samples 300 --precision 0.2 --minibatch 5 --json --quiet --threads ";
  const auto alone = command::engram(what + "2", folder.path);
  INFO(alone.err);
  REQUIRE(alone.exit == 0);
  const auto expected = without_cost(alone.out);
  REQUIRE(expected.at("results").size() > 2);
  for (const std::string ranks : {"2", "3"}) {
    CAPTURE(ranks);
    const auto r = command::run_program(
        mpirun, "-n " + ranks + " '" ENGRAM_BUILD_DIR "/engram' " + what + "1 --out out" + ranks, folder.path,
        "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
        "OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none ");
    INFO(r.err);
    REQUIRE(r.exit == 0);
    CHECK(without_cost(r.out).dump() == expected.dump());
    CHECK(command::fs::exists(folder.path / ("out" + ranks) / "fidelity.json"));
  }
}
