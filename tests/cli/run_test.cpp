// engram run, validate and show, from outside.
#include "catch.hpp"
#include "cli/command.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

using command::Folder;
using command::run;

namespace {

void check_same_weights(const std::string &one, const std::string &other) {
  const auto sets = command::weight_sets(one);
  REQUIRE_FALSE(sets.empty());
  REQUIRE(sets == command::weight_sets(other));
  for (const auto &set : sets) {
    INFO(set);
    CHECK(command::weights(one, set) == command::weights(other, set));
  }
}

void check_finite_weights(const std::string &file) {
  const auto sets = command::weight_sets(file);
  REQUIRE_FALSE(sets.empty());
  for (const auto &set : sets)
    for (const double w : command::weights(file, set))
      if (!std::isfinite(w)) FAIL(set << " holds " << w);
}

std::set<std::string> keys(const nlohmann::json &object) {
  std::set<std::string> names;
  for (const auto &[name, value] : object.items()) names.insert(name);
  return names;
}

} // namespace

TEST_CASE("run --json ends with the object of the contract", "[cli]") {
  const Folder folder;
  const auto r = run(folder, {"run", command::model("xor.json"), "--json", "--out", "x.nwb"});
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto j = r.last_line();
  CHECK(keys(j) == std::set<std::string>{"model", "seed", "train", "held_out", "epochs", "trials", "simulated_ms",
                                         "wall_seconds", "interrupted", "out"});
  CHECK(keys(j["train"]) == std::set<std::string>{"loss", "accuracy"});
  CHECK(keys(j["held_out"]) == std::set<std::string>{"loss", "accuracy"});
  CHECK(j["seed"] == 1);
  CHECK(j["epochs"] == 500);
  CHECK(j["trials"] == 2000); // 4 patterns × 500 epochs
  CHECK(j["simulated_ms"] == 2000);
  CHECK(j["train"]["accuracy"] == 1.0);
  CHECK(j["held_out"]["loss"].is_null()); // nothing is held out
  CHECK(j["interrupted"] == false);
  CHECK(folder.list() == std::vector<std::string>{"x.nwb"});
  check_finite_weights(folder.file("x.nwb"));
}

TEST_CASE("xor is learnt from several seeds", "[cli][science]") {
  const Folder folder;
  for (const char *seed : {"1", "2", "3", "4", "5"}) {
    INFO("seed " << seed);
    const auto r = run(folder, {"run", command::model("xor.json"), "--json", "--seed", seed, "--quiet"});
    REQUIRE(r.exit == 0);
    CHECK(r.last_line()["train"]["accuracy"] == 1.0);
    CHECK(r.last_line()["seed"] == std::stoi(seed));
  }
}

TEST_CASE("what show prints runs to the same weights", "[cli][determinism]") {
  const Folder folder;
  const auto shown = run(folder, {"show", command::model("xor.json")});
  REQUIRE(shown.exit == 0);
  folder.file("shown.json", shown.out);
  REQUIRE(run(folder, {"run", command::model("xor.json"), "--out", "a.nwb", "--quiet"}).exit == 0);
  REQUIRE(run(folder, {"run", "shown.json", "--out", "b.nwb", "--quiet"}).exit == 0);
  check_same_weights(folder.file("a.nwb"), folder.file("b.nwb"));
}

TEST_CASE("a seed gives the same bits at 1 and 2 threads, and another seed other ones", "[cli][determinism]") {
  const Folder folder;
  const auto go = [&](const char *threads, const char *seed, const char *out) {
    const auto r = run(folder, {"run", command::model("digits.json"), "--set", "/task/epochs=2", "--threads", threads,
                                "--seed", seed, "--out", out, "--quiet"});
    INFO(r.err);
    REQUIRE(r.exit == 0);
  };
  go("1", "3", "one.nwb");
  go("2", "3", "two.nwb");
  go("1", "4", "other.nwb");
  check_same_weights(folder.file("one.nwb"), folder.file("two.nwb"));
  const auto sets = command::weight_sets(folder.file("one.nwb"));
  CHECK(command::weights(folder.file("one.nwb"), sets[0]) != command::weights(folder.file("other.nwb"), sets[0]));
}

TEST_CASE("--set replaces a value, and refuses what the model does not have", "[cli]") {
  const Folder folder;
  const auto r = run(folder, {"run", command::model("xor.json"), "--set", "/task/epochs=3", "--json", "--quiet"});
  REQUIRE(r.exit == 0);
  CHECK(r.last_line()["epochs"] == 3);
  const Folder other;
  for (const char *setting : {"/task/epoch=3", "/nowhere/at/all=1", "no pointer", "/task/epochs=-1"}) {
    INFO(setting);
    const auto refused = run(other, {"run", command::model("xor.json"), "--set", setting});
    CHECK(refused.exit == 2);
    CHECK_FALSE(refused.err.empty());
    CHECK(other.list().empty());
  }
}

TEST_CASE("SIGINT ends a long run cleanly", "[cli]") {
  const Folder folder;
  const auto start = std::chrono::steady_clock::now();
  const auto r =
      run(folder, {"run", command::model("digits.json"), "--set", "/task/epochs=100000", "--json", "--out", "long.nwb"},
          "epoch 1");
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
  CHECK(r.last_line()["interrupted"] == true);
  CHECK(folder.list() == std::vector<std::string>{"long.nwb"});
  check_finite_weights(folder.file("long.nwb"));
}

// Under squared error: the gradient of cross-entropy is bounded, and its weights only grow in proportion to the rate.
TEST_CASE("a rate that makes learning diverge ends the run with finite weights", "[cli]") {
  const Folder folder;
  const auto r = run(folder, {"run", command::model("xor.json"), "--set", "/learning/rules/local/rate=1e9", "--set",
                              "/objective/type=mse", "--out", "diverged.nwb", "--quiet"});
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK(r.err.rfind("engram: ", 0) == 0);
  CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  REQUIRE(folder.list() == std::vector<std::string>{"diverged.nwb"});
  check_finite_weights(folder.file("diverged.nwb"));
}

TEST_CASE("a plugin that fails ends the run with one line that says why", "[cli]") {
  struct Case {
    const char *plugin, *said;
    bool ran; // far enough to leave a run file
  };
  const std::string folder_of_plugins = ENGRAM_BUILD_DIR "/tests/plugins/";
  for (const Case &c :
       {Case{"wrong_abi", "77", false}, Case{"no_entry", "engram_rule_table", false},
        Case{"reports_error", "out of neurotransmitter", true}, Case{"gives_nan", "not a finite number", true}}) {
    INFO(c.plugin);
    const Folder folder;
    const auto r = run(folder, {"run", command::model("xor.json"), "--set",
                                "/learning/rules/local/plugin=" + folder_of_plugins + c.plugin + ".so", "--out",
                                "f.nwb", "--quiet"});
    INFO(r.err);
    CHECK(r.exit == 1);
    CHECK(r.err.find(c.said) != std::string::npos);
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    CHECK(folder.list() == (c.ran ? std::vector<std::string>{"f.nwb"} : std::vector<std::string>{}));
    if (c.ran) check_finite_weights(folder.file("f.nwb"));
  }
}

TEST_CASE("a plugin that is not there is refused before anything is written", "[cli]") {
  const Folder folder;
  const auto with = [&](const std::string &plugin) {
    return run(folder, {"run", command::model("xor.json"), "--set", "/learning/rules/local/plugin=" + plugin});
  };
  const auto path = with("./absent.so"); // a plugin that cannot be loaded: as the other failures of plugins
  INFO(path.err);
  CHECK(path.exit == 1);
  CHECK(path.err.find("absent.so: no such file") != std::string::npos);
  const auto name = with("no_such_rule"); // a word of the model file that means nothing
  INFO(name.err);
  CHECK(name.exit == 2);
  CHECK(name.err.find("/learning/rules/local/plugin") != std::string::npos);
  CHECK(name.err.find("no_such_rule") != std::string::npos);
  CHECK(folder.list().empty());
}
