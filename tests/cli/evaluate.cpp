// engram evaluate: the numbers of the test that ends a run.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <string>

using command::contains;
using command::Folder;

TEST_CASE("evaluate gives the numbers of the test that ends a run", "[cli][evaluate]") {
  const Folder folder;
  const std::string digits = command::model("digits.json") + " --set /task/held_out=1500 ";
  const auto run = command::engram("run " + digits + "--set /task/epochs=2 --quiet --json --out run.nwb", folder.path);
  REQUIRE(run.exit == 0);
  const auto test = nlohmann::json::parse(command::last_line(run.out)).at("held_out");
  const auto r = command::engram("evaluate " + digits + "--weights run.nwb --json --out test.nwb", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto j = nlohmann::json::parse(command::last_line(r.out));
  CHECK(j.at("loss") == test.at("loss"));
  CHECK(j.at("accuracy") == test.at("accuracy"));
  CHECK(j.at("trials") == 1500);
  CHECK(j.at("evaluated") == "held_out");

  // Its run file: the same trials as those of the test of the run, and what they recorded.
  const engram::record::RunReader learned((folder.path / "run.nwb").string()),
      tested((folder.path / "test.nwb").string());
  const auto of_run = learned.trials(), of_test = tested.trials();
  REQUIRE(of_test.size() == 1500);
  REQUIRE(of_run.size() == 1797);
  for (std::size_t k = 0; k < of_test.size(); ++k) {
    const auto &there = of_run[297 + k];
    CHECK((of_test[k].trial == there.trial && of_test[k].choice == there.choice && of_test[k].loss == there.loss));
  }
  CHECK(tested.series().size() == 2);
  CHECK(tested.series()[0].samples == learned.series()[0].samples);
  CHECK(arma::approx_equal(tested.weights("retina->V1"), learned.weights("retina->V1"), "absdiff", 0.0));

  // In words, of the others; and nothing is written.
  const auto words = command::engram("evaluate " + digits + "--weights run.nwb --trials training", folder.path);
  CHECK(words.exit == 0);
  CHECK(contains(words.out, "training"));
  CHECK(contains(words.out, "(297 trials)"));
  const auto all = command::engram("evaluate " + digits + "--weights run.nwb --trials all --json", folder.path);
  CHECK(nlohmann::json::parse(command::last_line(all.out)).at("trials") == 1797);
  CHECK(folder.files() == 2);
}

TEST_CASE("evaluate refuses what it cannot do", "[cli][evaluate]") {
  const Folder folder;
  const std::string xor_model = command::model("credit-assignment/xor.json");
  REQUIRE(command::engram("run " + xor_model + " --set /task/epochs=2 --quiet --out run.nwb", folder.path).exit == 0);
  const auto refused = [&](const std::string &arguments, const std::string &says) {
    const auto r = command::engram("evaluate " + xor_model + " " + arguments, folder.path);
    INFO(arguments << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, says));
  };
  refused("", "--weights is required");
  refused("--weights run.nwb", "/task/held_out: no trial is held out; --trials all evaluates those");
  refused("--weights run.nwb --trials some", "--trials: must be held_out, training, test or all, not 'some'");
  refused("--weights absent.nwb --trials all", "absent.nwb");
  refused("--weights run.nwb --trials all --out run.nwb",
          "run.nwb: cannot be written: it is a file that this command reads");
}

TEST_CASE("evaluate that fails leaves a file that says so", "[cli][evaluate]") {
  const Folder folder;
  // Rates grow by exp(3 t) at least: within 10 ms to about 10^13, within 3000 beyond all numbers.
  folder.write("model.json", R"({
    "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" },
        "net": { "size": 2, "dynamics": { "type": "leaky_rate", "tau": 1, "activation": "linear" } } },
      "projections": [ { "from": "in", "to": "net", "weights": { "uniform": { "low": 2, "high": 3 } } },
                       { "from": "net", "to": "net", "weights": { "uniform": { "low": 2, "high": 3 } } } ] },
    "task": { "stimuli": { "inputs": [[1, 2]] }, "trial": [ { "phase": "p", "duration": 10, "stimulus": "in" } ] },
    "record": { "net": ["rate"] } })");
  REQUIRE(command::engram("run model.json --quiet --out w.nwb", folder.path).exit == 0);
  const auto r = command::engram("evaluate model.json --weights w.nwb --trials all --quiet --out e.nwb "
                                 "--set /task/trial/0/duration=3000",
                                 folder.path);
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.err, "region 'net'"));
  CHECK(folder.files() == 3);
  const engram::record::RunReader left((folder.path / "e.nwb").string());
  CHECK(left.text("status") == "failed");
  CHECK(left.projections().size() == 2);
}

TEST_CASE("evaluate keeps what is recorded, and says what it does not", "[cli][evaluate][record]") {
  const Folder folder;
  const std::string model =
      command::model("credit-assignment/xor.json") + R"( --set '/record={"hidden": {"signals": ["rate"], "epochs": [1]},
    "out": {"signals": ["rate"], "trials": "training"}, "in->hidden": {"weights": "all"}}' --set /task/epochs=2 )";
  REQUIRE(command::engram("run " + model + " --quiet --out run.nwb", folder.path).exit == 0);
  const auto r = command::engram("evaluate " + model + " --weights run.nwb --trials all --out e.nwb", folder.path);
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK(contains(r.err, "the weights of 'in->hidden' are not recorded, for nothing learns"));
  CHECK(contains(r.err, "nothing is recorded of 'out'"));
  const engram::record::RunReader left((folder.path / "e.nwb").string());
  REQUIRE(left.series().size() == 2);
  CHECK(left.series()[0].samples == 4);
  CHECK(left.series()[1].samples == 0);
}
