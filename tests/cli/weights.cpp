// These tests check the weights and files that runs leave on the disk, and the messages of runs that fail.
#include "catch.hpp"
#include "cli/run_and_signal.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

using namespace engram;
using namespace command;

namespace {

// All weights of a run, with none that is not finite.
std::map<std::string, arma::mat> weights(const Folder &folder, const std::string &name) {
  const record::RunReader file((folder.path / name).string());
  std::map<std::string, arma::mat> all;
  for (const auto &projection : file.projections()) {
    all[projection] = file.weights(projection);
    INFO(projection);
    REQUIRE(all[projection].is_finite());
  }
  REQUIRE_FALSE(all.empty());
  return all;
}

bool same_bits(const std::map<std::string, arma::mat> &one, const std::map<std::string, arma::mat> &other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto &a, const auto &b) {
    return a.first == b.first && arma::approx_equal(a.second, b.second, "absdiff", 0);
  });
}

void run(const Folder &folder, const std::string &arguments) {
  const auto r = command::engram("run " + arguments + " --quiet", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
}

std::set<std::string> keys(const nlohmann::json &object) {
  std::set<std::string> names;
  for (const auto &[name, value] : object.items()) names.insert(name);
  return names;
}

} // namespace

TEST_CASE("a seed gives the same weights bit for bit at 1 and 2 threads", "[cli][determinism]") {
  const Folder folder;
  for (const std::string name : {"digits.json", "digits/backprop-through-time.json"}) {
    INFO(name);
    const auto digits = command::model(name) + " --set /task/epochs=2 --seed ";
    run(folder, digits + "3 --threads 1 --out one.nwb");
    run(folder, digits + "3 --threads 2 --out two.nwb");
    run(folder, digits + "4 --threads 1 --out other.nwb");
    CHECK(same_bits(weights(folder, "one.nwb"), weights(folder, "two.nwb")));
    CHECK_FALSE(same_bits(weights(folder, "one.nwb"), weights(folder, "other.nwb")));
  }
}

TEST_CASE("a run begins with the weights of another", "[cli]") {
  const Folder folder;
  const auto first = command::model("digits/backprop.json") + " --set /task/epochs=1";
  run(folder, first + " --seed 3 --out first.nwb");
  // Another seed would draw other weights; without an epoch of learning they stay what they were at first.
  run(folder,
      command::model("digits/backprop.json") + " --set /task/epochs=0 --seed 4 --weights first.nwb --out second.nwb");
  CHECK(same_bits(weights(folder, "first.nwb"), weights(folder, "second.nwb")));
  for (const auto &[run, told] : {std::pair<std::string, std::string>{"absent.nwb", "absent.nwb"},
                                  {"first.nwb --set /architecture/regions/hidden/size=50", " x "}}) {
    const auto r = command::engram("run " + command::model("digits/backprop.json") + " --weights " + run, folder.path);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(told));
  }
}

TEST_CASE("what show prints learns the same weights bit for bit", "[cli][determinism]") {
  const Folder folder;
  for (const std::string name : {"credit-assignment/xor.json", "digits/backprop-through-time.json"}) {
    INFO(name);
    const auto few = std::string(" --set /task/epochs=2");
    const auto shown = command::engram("show " + command::model(name) + few, folder.path);
    REQUIRE(shown.exit == 0);
    folder.write("shown.json", shown.out);
    run(folder, command::model(name) + few + " --out a.nwb");
    run(folder, "shown.json --out b.nwb");
    CHECK(same_bits(weights(folder, "a.nwb"), weights(folder, "b.nwb")));
  }
}

TEST_CASE("the object of --json has the keys of the contract, and one more", "[cli]") {
  const Folder folder;
  const auto r = command::engram("run " + command::model("credit-assignment/xor.json") + " --json --quiet --out x.nwb",
                                 folder.path);
  REQUIRE(r.exit == 0);
  const auto j = nlohmann::json::parse(last_line(r.out));
  CHECK(keys(j) == std::set<std::string>{"model", "seed", "train", "held_out", "epochs", "trials", "simulated_ms",
                                         "wall_seconds", "interrupted", "out", "fastest_epoch_seconds"});
  CHECK(keys(j["train"]) == std::set<std::string>{"loss", "accuracy"});
  CHECK(keys(j["held_out"]) == std::set<std::string>{"loss", "accuracy"});
}

TEST_CASE("a loss that diverges ends the run with one line and finite weights", "[cli]") {
  const Folder folder;
  // Squared error: the gradient of cross-entropy is bounded, and weights only grow in proportion to the rate.
  const auto r = command::engram("run " + command::model("credit-assignment/xor.json") +
                                     " --quiet --out run.nwb --set /learning/rules/local/rate=1e9 "
                                     "--set /objective/type=mse",
                                 folder.path);
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(r.err.rfind("engram: ", 0) == 0);
  CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  CHECK(folder.files() == 1);
  weights(folder, "run.nwb");
}

TEST_CASE("a run that is interrupted or whose rule fails leaves finite weights", "[cli]") {
  const Folder folder;
  const auto stopped = command::run_and_signal(
      folder, command::model("digits.json") + " --set /task/epochs=100000 --quiet", "kill -INT $run");
  INFO(stopped.err);
  CHECK(stopped.exit == 1);
  weights(folder, "run.nwb");
  const auto failed = command::engram("run " + command::model("credit-assignment/xor.json") +
                                          " --quiet --out b.nwb --set "
                                          "/learning/rules/local/plugin=" +
                                          ENGRAM_BUILD_DIR "/tests/plugins/not_a_number.so",
                                      folder.path);
  INFO(failed.err);
  CHECK(failed.exit == 1);
  weights(folder, "b.nwb");
  CHECK(folder.files() == 3); // go.sh too
}

TEST_CASE("each problem of a model is one line: file, line, pointer, sentence", "[cli]") {
  const Folder folder;
  folder.write("m.json", R"({
  "name": "m",
  "presicion": "single",
  "architecture": {
    "regions": {
      "in": { "size": 2, "dynamics": "input" },
      "a": { "size": 2, "dynamics": { "type": "leaky_rate", "tau": -10 } }
    },
    "projections": [ { "from": "in", "to": "a", "delay": -1 } ]
  },
  "task": { "stimuli": { "inputs": [[1, 2]] }, "trial": [ { "phase": "p", "duration": 2, "stimulus": "in" } ] }
})");
  for (const std::string verb : {"validate", "run"}) {
    const auto r = command::engram(verb + " m.json", folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.out.empty());
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 3);
    for (const char *line : {R"((^|\n)m\.json:3: /presicion: [^\n]+\n)",
                             R"((^|\n)m\.json:7: /architecture/regions/a/dynamics/tau: [^\n]+\n)",
                             R"((^|\n)m\.json:9: /architecture/projections/0/delay: [^\n]+\n)"}) {
      INFO(line);
      CHECK(std::regex_search(r.err, std::regex(line)));
    }
    CHECK(folder.files() == 1);
  }
}

TEST_CASE("static regions in a circle are refused", "[cli]") {
  const Folder folder;
  folder.write("m.json", R"({
  "name": "m",
  "architecture": {
    "regions": {
      "a": { "size": 2, "dynamics": { "type": "static", "activation": "tanh" } },
      "b": { "size": 2, "dynamics": { "type": "static", "activation": "tanh" } }
    },
    "projections": [ { "from": "a", "to": "b" }, { "from": "b", "to": "a" } ]
  },
  "task": { "trial": [ { "phase": "p", "duration": 2 } ] }
})");
  const auto r = command::engram("run m.json", folder.path);
  INFO(r.err);
  CHECK(r.exit == 2);
  CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  CHECK(contains(r.err, "m.json:8: /architecture/projections: "));
  CHECK(contains(r.err, "a.rate -> b.soma, b.rate -> a.soma"));
  CHECK(folder.files() == 1);
}

TEST_CASE("an activation across neurons is refused where each neuron needs a slope of its own", "[cli]") {
  const Folder folder;
  for (const char *phi : {"softmax", "divisive_normalization"}) {
    const auto r = command::engram("validate " + command::model("recurrent/wilson-cowan.json") +
                                       " --set /architecture/regions/E/dynamics/activation=" + phi,
                                   folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, std::string("'") + phi + "' depends on all neurons of the region, and 'wilson_cowan'"));
  }
}
