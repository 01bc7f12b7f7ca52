// Commands refuse at their start, with exit code 2, to replace certain files. Nothing is touched then.
#include "catch.hpp"
#include "command.hpp"

#include <sys/stat.h>

using namespace command;

namespace {

// Reads its inputs from inputs.npy, and extends base.json.
void write_circuit(const Folder &folder) {
  folder.write("base.json", R"({
  "name": "small",
  "architecture": {
    "regions": {
      "in": { "size": 2, "dynamics": "input" },
      "out": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [ { "from": "in", "to": "out", "weights": { "file": "weights.csv" } } ]
  },
  "task": {
    "stimuli": { "inputs": { "file": "inputs.csv" } },
    "trial": [ { "phase": "p", "duration": 1, "stimulus": "in" } ]
  }
})");
  folder.write("model.json", R"({ "extends": "base.json", "seed": 2 })");
  folder.write("weights.csv", "1,0\n0,1\n");
  folder.write("inputs.csv", "1,2\n3,-1\n");
}

} // namespace

TEST_CASE("run writes over none of its inputs, forced or not", "[cli][output]") {
  const Folder folder;
  write_circuit(folder);
  REQUIRE(command::engram("run model.json --quiet --out first.nwb", folder.path).exit == 0);
  const auto files = folder.files();
  for (const std::string name : {"model.json", "base.json", "weights.csv", "inputs.csv", "first.nwb"})
    for (const std::string force : {"", " --force"}) {
      const auto before = slurp(folder.path / name);
      const auto r = command::engram("run model.json --quiet --weights first.nwb --out " + name + force, folder.path);
      INFO(name << force << "\n" << r.err);
      CHECK(r.exit == 2);
      CHECK(contains(r.err, name));
      CHECK(slurp(folder.path / name) == before);
      CHECK(folder.files() == files);
    }
  // By another name, it is the same file.
  fs::create_hard_link(folder.path / "model.json", folder.path / "again.json");
  fs::create_symlink(folder.path / "model.json", folder.path / "link.json");
  for (const std::string name : {"again.json", "link.json", "./sub/../model.json"})
    CHECK(command::engram("run model.json --quiet --force --out " + name, folder.path).exit == 2);
}

TEST_CASE("run replaces what engram did not write only when it is forced, by the default name too", "[cli][output]") {
  const Folder folder;
  write_circuit(folder);
  folder.write("model.nwb", "somebody's recording");
  const auto r = command::engram("run model.json --quiet", folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "--force"));
  CHECK(slurp(folder.path / "model.nwb") == "somebody's recording");
  CHECK(command::engram("run model.json --quiet --force", folder.path).exit == 0);
  CHECK(command::engram("run model.json --quiet", folder.path).exit == 0); // its own
}

TEST_CASE("run refuses devices, pipes and folders", "[cli][output]") {
  const Folder folder;
  write_circuit(folder);
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  fs::create_directory(folder.path / "folder");
  for (const std::string name : {"pipe", "folder", "/dev/null", "absent/run.nwb"}) {
    const auto r = command::engram("run model.json --quiet --force --out " + name, folder.path, "timeout 60");
    INFO(name << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, name));
  }
  CHECK(fs::is_fifo(folder.path / "pipe"));
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("fidelity and compare replace only files of their own kind", "[cli][output]") {
  const Folder folder;
  const std::string fidelity =
      "fidelity " + command::model("credit-assignment/xor.json") + " --samples 16 --quiet --out results";
  REQUIRE(command::engram(fidelity, folder.path).exit == 0);
  CHECK(command::engram(fidelity, folder.path).exit == 0); // their own
  folder.write("results/fidelity.svg", "a drawing");
  const auto r = command::engram(fidelity, folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "fidelity.svg"));
  CHECK(slurp(folder.path / "results/fidelity.svg") == "a drawing");
  CHECK(command::engram(fidelity + " --force", folder.path).exit == 0);

  folder.write("a.csv", "1,2,3\n3,1,2\n2,2,5\n0,1,1\n");
  fs::create_directory(folder.path / "beside");
  folder.write("beside/comparison.csv", "mine\n");
  const auto c = command::engram("compare a.csv a.csv --method cka --bootstrap 0 --quiet --out beside", folder.path);
  CHECK(c.exit == 2);
  CHECK(contains(c.err, "comparison.csv"));
  CHECK(slurp(folder.path / "beside/comparison.csv") == "mine\n");
}
