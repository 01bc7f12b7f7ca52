// These tests call `engram run`, `validate` and `show` with good and with bad input. They check what is printed, what
// is left behind, and the exit code.
#include "catch.hpp"
#include "cli/run_and_signal.hpp"
#include "cli/small_model.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace command;

TEST_CASE("run prints the contract's JSON object on its last line", "[cli]") {
  Folder folder;
  const auto r =
      command::engram("run " + command::model("credit-assignment/xor.json") + " --json --quiet", folder.path);
  REQUIRE(r.exit == 0);
  const auto j = nlohmann::json::parse(last_line(r.out));
  for (const char *key :
       {"model", "seed", "train", "held_out", "epochs", "trials", "simulated_ms", "wall_seconds", "out"})
    CHECK(j.contains(key));
  CHECK(j["train"]["accuracy"] == 1.0);
  CHECK(j["held_out"]["loss"].is_null()); // nothing was held out
  CHECK(j["trials"] == 2000);
  CHECK(fs::exists(folder.path / "xor.nwb"));
  CHECK(folder.files() == 1); // no .partial
}

TEST_CASE("the same seed gives the same numbers at 1 and 2 threads, another seed others", "[cli][determinism]") {
  Folder folder;
  const auto loss = [&](const std::string &arguments) {
    const auto r = command::engram(
        "run " + command::model("digits.json") + " --set /task/epochs=2 --json --quiet " + arguments, folder.path);
    REQUIRE(r.exit == 0);
    const auto j = nlohmann::json::parse(last_line(r.out));
    return j["held_out"]["loss"].dump() + j["train"]["loss"].dump();
  };
  const auto one = loss("--threads 1");
  CHECK(one == loss("--threads 2"));
  CHECK(one != loss("--seed 2"));
}

TEST_CASE("what show prints runs to the same result", "[cli]") {
  Folder folder;
  for (const std::string name : {"credit-assignment/xor.json", "digits/backprop-through-time.json"}) {
    const auto shown = command::engram("show " + command::model(name), folder.path);
    REQUIRE(shown.exit == 0);
    folder.write("shown.json", shown.out);
    const auto numbers = [&](const std::string &file) {
      const auto r = command::engram("run " + file + " --set /task/epochs=3 --json --quiet", folder.path);
      REQUIRE(r.exit == 0);
      const auto j = nlohmann::json::parse(last_line(r.out));
      return j["train"].dump() + j["held_out"].dump();
    };
    CHECK(numbers(command::model(name)) == numbers("shown.json"));
  }
}

TEST_CASE("bad models are refused with file, line, pointer and sentence, and nothing is written", "[cli]") {
  Folder folder;
  struct Bad {
    std::string change_from, change_to, told;
  };
  const auto good = small_model("hebb");
  const std::vector<Bad> cases{
      {"\"size\": 2, \"dynamics\": \"input\"", "\"sise\": 2, \"dynamics\": \"input\"", "did you mean 'size'?"},
      {"\"to\": \"out\"", "\"to\": \"oot\"", "did you mean 'out'?"},
      {"\"rule\": \"r\"", "\"rule\": \"q\"", "unknown"},
      {"\"plugin\": \"hebb\"", "\"plugin\": \"hebbb\"", "did you mean 'hebb'?"},
      {"\"duration\": 1", "\"duration\": 1e999", "model.json:"},
      {"\"duration\": 1", "\"duration\": NaN", "model.json:"},
      {"\"duration\": 1", "\"duration\": -1", "/task/trial/0/duration"},
      {"\"size\": 2, \"dynamics\": {", "\"size\": 1000000000000000, \"dynamics\": {", "memory"},
      {"[3, -1]", "[3]", "/task/stimuli"},
      {"\"epochs\": 100,", "\"epochs\": 100", "model.json:"},
      {"\"size\": 2, \"dynamics\": \"input\"", "\"size\": 2, \"initial\": \"feedforward\", \"dynamics\": \"input\"",
       "it has no state of its own"},
      {"\"size\": 2, \"dynamics\": \"input\"", "\"size\": 2, \"initial\": \"feedfoward\", \"dynamics\": \"input\"",
       "feedforward"},
      {"{ \"from\": \"in\", \"to\": \"out\", \"rule\": \"r\" }",
       "{ \"from\": \"in\", \"to\": \"out\", \"rule\": \"r\" }, { \"from\": \"out\", \"to\": \"out\" }", "delay"},
  };
  for (const auto &bad : cases) {
    auto text = good;
    const auto at = text.find(bad.change_from);
    REQUIRE(at != std::string::npos);
    text.replace(at, bad.change_from.size(), bad.change_to);
    folder.write("model.json", text);
    for (const std::string verb : {"validate", "run"}) {
      const auto r = command::engram(verb + " model.json", folder.path);
      INFO(bad.change_to << "\n" << r.err);
      CHECK(r.exit == 2);
      CHECK(contains(r.err, "model.json:"));
      CHECK(contains(r.err, bad.told));
      CHECK(folder.files() == 1);
    }
  }
}

TEST_CASE("several problems are told at once", "[cli]") {
  Folder folder;
  auto text = small_model("hebbb");
  text.replace(text.find("\"size\": 2"), 9, "\"size\": 0");
  folder.write("model.json", text);
  const auto r = command::engram("validate model.json", folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "/architecture/regions/in/size"));
  CHECK(contains(r.err, "did you mean 'hebb'?"));
}

TEST_CASE("settings change the model, and a wrong pointer is refused", "[cli]") {
  Folder folder;
  CHECK(command::engram("run " + command::model("credit-assignment/xor.json") + " --quiet --set /task/epochs=1",
                        folder.path)
            .exit == 0);
  const auto r =
      command::engram("run " + command::model("credit-assignment/xor.json") + " --set /task/epoch/x=1", folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "--set"));
  CHECK(command::engram("run", folder.path).exit == 2);
  CHECK(command::engram("run nothing.json", folder.path).exit == 2);
  CHECK(contains(command::engram("rnu", folder.path).err, "did you mean 'run'?"));
}

TEST_CASE("a file that is no rule is refused with its place in the model, by validate too", "[cli]") {
  const Folder folder;
  folder.write("prose.so", "this is not a library");
  for (const auto &[plugin, told] : std::vector<std::pair<std::string, std::string>>{
           {"/nowhere/rule.so", "/nowhere/rule.so: no such file"},
           {"./prose.so", "prose.so: is not a shared library"},
           {test_plugin("wrong_abi"), "version"},
           {test_plugin("no_entry"), "engram_rule_table"},
       }) {
    folder.write("model.json", small_model(plugin));
    for (const std::string command : {"run model.json --quiet", "validate model.json"}) {
      const auto r = command::engram(command, folder.path);
      INFO(plugin << ": " << command << "\n" << r.err);
      CHECK(r.exit == 2);
      CHECK(contains(last_line(r.err), "model.json:"));
      CHECK(contains(last_line(r.err), "/learning/rules/r/plugin: "));
      CHECK(contains(last_line(r.err), told));
    }
  }
}

TEST_CASE("a plugin that fails ends the run with one line, exit 1, and the weights are on the disk", "[cli]") {
  Folder folder;
  struct Case {
    std::string plugin, told;
    bool file;
  };
  const std::vector<Case> cases{
      {test_plugin("complains"), "the moon is in the wrong phase", true},
      {test_plugin("not_a_number"), "not a finite number", true},
  };
  for (const auto &c : cases) {
    folder.write("model.json", small_model(c.plugin));
    const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path);
    INFO(c.plugin << "\n" << r.err);
    CHECK(r.exit == 1);
    CHECK(contains(r.err, c.told));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') <= 2); // before it, that its code runs
    CHECK(fs::exists(folder.path / "run.nwb") == c.file);
    CHECK(!fs::exists(folder.path / "run.nwb.partial"));
    fs::remove(folder.path / "run.nwb");
  }
}

TEST_CASE("an interrupt ends a long run cleanly and saves it", "[cli]") {
  Folder folder;
  const auto r = command::run_and_signal(
      folder, command::model("digits/backprop-through-time.json") + " --set /task/epochs=100000 --quiet --json",
      "kill -INT $run");
  CHECK(r.exit == 1);
  CHECK(fs::exists(folder.path / "run.nwb"));
  CHECK(!fs::exists(folder.path / "run.nwb.partial"));
  CHECK(nlohmann::json::parse(last_line(r.out))["interrupted"] == true);
}
