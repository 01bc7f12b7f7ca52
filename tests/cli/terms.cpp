// Objectives of several terms, as `run` tells of them and as the run file keeps them.
#include "catch.hpp"
#include "cli/npy_file.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace command;

namespace {

// Static copies of the inputs 1, 2 and 3, -1; targets 0, 0 and 3, 0. Nothing learns.
std::string two_terms(const std::string &terms) {
  return R"({ "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" },
      "out": { "size": 2, "dynamics": "static" } },
    "projections": [ { "from": "in", "to": "out", "weights": [[1, 0], [0, 1]] } ] },
    "objective": )" +
         terms + R"(,
    "task": { "stimuli": { "inputs": [[1, 2], [3, -1], [1, 2]], "targets": [[0, 0], [3, 0], [0, 0]] }, "shuffle": false,
      "held_out": 1, "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true } ] } })";
}

const std::string both = R"([ { "type": "mse", "region": "out" },
  { "type": "sparsity", "name": "cost", "region": "out", "weight": 0.5 } ])";

} // namespace

TEST_CASE("the loss of each term is in the summary, in --json, in the trials and in the learning curve",
          "[cli][objective]") {
  const Folder folder;
  folder.write("m.json", two_terms(both));
  const auto text = command::engram("run m.json --quiet --out a.nwb", folder.path);
  REQUIRE(text.exit == 0);
  CHECK_THAT(text.out, ContainsSubstring("    mse  loss "));
  CHECK_THAT(text.out, ContainsSubstring("    cost (weight 0.5)  loss "));
  const auto run = command::engram("run m.json --quiet --json --out b.nwb", folder.path);
  const auto j = nlohmann::json::parse(run.out);
  const auto &train = j["train"];
  CHECK(train["loss"].get<double>() ==
        Approx(train["terms"]["mse"].get<double>() + 0.5 * train["terms"]["cost"].get<double>()));
  const engram::record::RunReader file((folder.path / "b.nwb").string());
  CHECK(file.terms() == std::vector<std::string>{"mse", "cost"});
  const auto curve = file.curve();
  REQUIRE(curve.size() == 1);
  CHECK(curve[0].train_terms.at(1) == train["terms"]["cost"].get<double>());
  CHECK(curve[0].held_out_terms.at(0) == j["held_out"]["terms"]["mse"].get<double>());
  const auto trials = file.trials();
  REQUIRE(trials.size() == 3);
  for (const auto &trial : trials) { // (1 + 4) / 2 and 3 of the first stimulus, 1 / 2 and 4 of the second
    CHECK(trial.terms == (trial.trial == 1 ? std::vector<double>{0.5, 4} : std::vector<double>{2.5, 3}));
    CHECK(trial.loss == trial.terms[0] + 0.5 * trial.terms[1]);
  }
}

TEST_CASE("an objective of one term says nothing of terms", "[cli][objective]") {
  const Folder folder;
  for (const std::string form :
       {R"({ "type": "mse", "region": "out" })", R"([ { "type": "mse", "region": "out" } ])"}) {
    folder.write("m.json", two_terms(form));
    const auto run = command::engram("run m.json --quiet --json --force --out m.nwb", folder.path);
    REQUIRE(run.exit == 0);
    const auto j = nlohmann::json::parse(run.out);
    CHECK_FALSE(j["train"].contains("terms"));
    CHECK(engram::record::RunReader((folder.path / "m.nwb").string()).terms().empty());
  }
}

TEST_CASE("what is missing in a target is left out and told, and is refused where it is more than a target",
          "[cli][objective]") {
  const Folder folder;
  const double missing = std::numeric_limits<double>::quiet_NaN();
  write_numbers(folder, "t.npy", {3, 2}, {0, missing, 3, 0, 0, missing});
  folder.write("m.json", two_terms(R"({ "type": "mse", "region": "out" })"));
  const std::string targets = R"( --set '/task/stimuli/targets={"file":"t.npy"}')";
  const auto run = command::engram("run m.json --quiet --json --out m.nwb" + targets, folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
  CHECK_THAT(run.err, ContainsSubstring(
                          "/task/stimuli/targets: 2 of 6 values are missing (NaN): the objective leaves them out"));
  for (const auto &trial : engram::record::RunReader((folder.path / "m.nwb").string()).trials())
    CHECK(trial.loss == 0.5);
  for (const std::string setting : {R"( --set /objective/type=cross_entropy)", R"( --set /objective/delivery=clamp)",
                                    R"( --set '/task/trial/0/stimulus={"in":"targets"}')"}) {
    const auto refused = command::engram("run m.json --quiet" + targets + setting, folder.path);
    INFO(setting << refused.err);
    CHECK(refused.exit == 2);
    CHECK_THAT(refused.err, ContainsSubstring("row 1, column 2 is nan, not a finite number"));
  }
}

TEST_CASE("a mean rate that kl cannot take ends the run with its reason", "[cli][objective]") {
  const Folder folder;
  folder.write("m.json", two_terms(R"([ { "type": "sparsity", "region": "out", "measure": "kl" } ])"));
  const auto run = command::engram("run m.json --quiet", folder.path);
  CHECK(run.exit == 1);
  CHECK_THAT(run.err, ContainsSubstring("\"kl\" takes mean rates above 0 and below 1"));
}

TEST_CASE("the rule of a term's modulator, and feedback, follow the terms that are delivered", "[cli][objective]") {
  const Folder folder;
  folder.write("m.json",
               two_terms(R"([ { "type": "sparsity", "name": "cost", "region": "out", "delivery": "scalar" } ])"));
  const auto shown = command::engram("show m.json --set /learning/feedback=random", folder.path);
  CHECK(shown.exit == 2);
  CHECK_THAT(shown.err, ContainsSubstring("feedback carries errors"));
}

TEST_CASE("accuracy is of the first term that is compared with labels or targets; without one there is none",
          "[cli][objective]") {
  // The inputs are copied: neuron 1 is higher in two trials of three, and in each the label is 1.
  const Folder folder;
  const auto accuracy = [&](const std::string &terms) {
    auto text = two_terms(terms);
    const std::string targets = R"("targets": [[0, 0], [3, 0], [0, 0]])", held_out = R"("held_out": 1, )";
    text.replace(text.find(targets), targets.size(), R"("labels": [1, 1, 1])");
    text.replace(text.find(held_out), held_out.size(), "");
    folder.write("m.json", text);
    const auto run = command::engram("run m.json --quiet --json --force --out m.nwb", folder.path);
    INFO(run.err);
    REQUIRE(run.exit == 0);
    return nlohmann::json::parse(run.out)["train"]["accuracy"];
  };
  const std::string sparse = R"({ "type": "sparsity", "region": "out" })",
                    classes = R"({ "type": "cross_entropy", "region": "out" })";
  CHECK(accuracy(classes).get<double>() == Approx(2.0 / 3));
  CHECK(accuracy("[" + sparse + ", " + classes + "]").get<double>() == Approx(2.0 / 3));
  CHECK(accuracy("[" + sparse + "]").is_null());
}
