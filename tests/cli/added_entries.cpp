// An entry is one file: tests/entries holds one of each kind that engram does not have, and nothing else names it. The
// program that CMake builds with these files knows, checks and computes each.
#include "catch.hpp"
#include "command.hpp"
#include "data/read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace command;

namespace {

Result with_entries(const std::string &arguments, const fs::path &folder) {
  return command::run_program(ENGRAM_BUILD_DIR "/engram_with_entries", arguments, folder);
}

// The loss of the last epoch.
double loss_of(const Folder &folder, const std::string &text) {
  folder.write("model.json", text);
  const auto r = with_entries("run model.json --quiet --json --force", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  return nlohmann::json::parse(r.out).at("train").at("loss").get<double>();
}

// The potential of `cell` in mV, step by step, where `source` spikes.
std::vector<double> potential(const Folder &folder, const std::string &source, const std::string &receptor,
                              const std::string &projection) {
  folder.write("model.json", R"({ "precision": "double", "time": { "step": 0.1 }, "architecture": { "regions": {
      "source": { "size": 3, "dynamics": "spike_source", "spikes": )" +
                                 source + R"( },
      "cell": { "size": 1, "dynamics": "lif", "receptors": { "synapse": )" +
                                 receptor + R"( } } },
      "projections": [ { "from": "source", "to": "cell.synapse", )" +
                                 projection + R"( } ] },
    "task": { "trial": [ { "phase": "run", "duration": 30 } ] }, "record": { "cell": ["potential"] } })");
  const auto r = with_entries("run model.json --quiet --force --out run.nwb", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto array = engram::data::read_hdf5((folder.path / "run.nwb").string(), "acquisition/cell_potential/data");
  std::vector<double> out(array.size());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = array.at(k);
  return out;
}

} // namespace

TEST_CASE("one file adds an entry to the help and the schema, and the program without it does not have it",
          "[cli][own]") {
  Folder folder;
  const auto kind_and_name = GENERATE(table<std::string, std::string>({
      {"dynamics", "cubic_leak"},
      {"activations", "soft_sign"},
      {"noise", "alternating"},
      {"integrators", "ralston"},
      {"receptors", "shunt"},
      {"short_term", "halving"},
      {"connect", "reversed"},
      {"objectives", "quartic"},
      {"optimizers", "sign_of_change"},
      {"schedules", "harmonic"},
      {"methods", "spread"},
  }));
  const auto &[kind, name] = kind_and_name;
  CAPTURE(kind, name);
  CHECK(contains(with_entries("help " + kind, folder.path).out, "\n  " + name + " "));
  CHECK_FALSE(contains(command::engram("help " + kind, folder.path).out, "\n  " + name + " "));
  const std::string schema = kind == "methods" ? "compare --schema" : "schema";
  CHECK(contains(with_entries(schema, folder.path).out, '"' + name + '"'));
  CHECK_FALSE(contains(command::engram(schema, folder.path).out, '"' + name + '"'));
}

TEST_CASE("a pattern, an activation, a noise and an objective of one file each compute", "[cli][own]") {
  Folder folder;
  const std::string text =
      R"({ "precision": "double", "architecture": { "regions": { "in": { "size": 3, "dynamics": "input" },
      "out": { "size": 3, "dynamics": { "type": "static", "activation": "soft_sign" },
               "noise": { "type": "alternating", "amplitude": 1 } } },
      "projections": [ { "from": "in", "to": "out", "connect": "reversed", "weights": 0.5 } ] },
    "objective": { "type": "quartic", "region": "out" },
    "task": { "stimuli": { "inputs": [[1, 2, 5]], "targets": [[0, 0, 0.5]] },
      "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "noise": true, "objective": true } ] } })";
  // Currents of 2.5 + 1, 1 + 1 and 0.5 + 1.
  const double error[] = {3.5 / 4.5, 2. / 3, 1.5 / 2.5 - 0.5};
  double loss = 0;
  for (const double e : error) loss += std::pow(e, 4) / 4;
  CHECK(loss_of(folder, text) == Approx(loss).epsilon(1e-12));
  const auto r = command::engram("validate model.json", folder.path);
  CHECK(r.exit == 2);
  for (const char *name : {"reversed", "soft_sign", "alternating", "quartic"})
    CHECK(contains(r.err + r.out, "'" + std::string(name) + "'"));
}

TEST_CASE("an optimizer and a schedule of one file each compute", "[cli][own]") {
  // w moves towards the target 2 by 0.6, 0.6 / 2 and 0.6 / 3; the loss of an epoch is that before it moves.
  Folder folder;
  const std::string text =
      R"({ "precision": "double", "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
      "out": { "size": 1, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "in", "to": "out", "weights": 0.0, "rule": "exact" } ] },
    "objective": { "type": "quartic", "region": "out" },
    "learning": { "rules": { "exact": { "plugin": "backprop", "rate": 0.6, "optimizer": "sign_of_change", "schedule": "harmonic" } } },
    "task": { "stimuli": { "inputs": [[1]], "targets": [[2]] }, "epochs": 3,
      "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true, "plastic": true } ] } })";
  CHECK(loss_of(folder, text) == Approx(std::pow(0.9 - 2, 4) / 4).epsilon(1e-12));
}

TEST_CASE("a dynamics and an integrator of one file each compute", "[cli][own]") {
  Folder folder;
  const std::string text = R"({ "precision": "double", "time": { "step": 1, "integrator": "ralston" },
    "architecture": { "regions": { "cell": { "size": 1, "initial": 1,
        "dynamics": { "type": "cubic_leak", "tau": 10, "cubic": 0.5 } } } },
    "objective": { "type": "quartic", "region": "cell", "delivery": "scalar" },
    "task": { "stimuli": { "targets": [[0]] }, "trial": [ { "phase": "before", "duration": 1 },
      { "phase": "judged", "duration": 1, "objective": true } ] } })";
  const auto slope = [](double u) { return (-u - 0.5 * u * u * u) / 10; };
  const double first = slope(1), second = slope(1 + 2. / 3 * first), u = 1 + first / 4 + 3 * second / 4;
  CHECK(loss_of(folder, text) == Approx(std::pow(u, 4) / 4).epsilon(1e-12));
}

TEST_CASE("a receptor and a short-term plasticity of one file each compute", "[cli][own]") {
  // Spikes of one neuron whose weight halves, beside three neurons that spike once each, with weights of 4, 2 and 1 nS.
  Folder folder;
  const auto halving = potential(folder, "[[2, 9, 17], [], []]", R"({ "type": "shunt", "tau": 3, "reversal": 0 })",
                                 R"("weights": 4.0, "short_term": "halving")");
  const auto apart =
      potential(folder, "[[2], [9], [17]]", R"({ "type": "conductance_exponential", "tau": 3, "reversal": 0 })",
                R"("weights": [[4, 2, 1]])");
  REQUIRE(halving.size() == 300);
  CHECK(halving == apart);
  CHECK(*std::max_element(halving.begin(), halving.end()) > halving.front() + 0.1);
}
