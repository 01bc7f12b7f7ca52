// These rules do what no rule should. The command must name them, end as it promises, and lose nothing.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_file.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace command;
namespace record = engram::record;

namespace {

const std::string test_plugins = std::string(ENGRAM_BUILD_DIR) + "/tests/plugins/";

// One epoch of 1, 2 -> 2 linear neurons whose synapses learn by a plugin.
std::string learning_by(const std::string &plugin, const std::string &phase = "") {
  return R"({"architecture": {"regions": {"in": {"size": 2, "dynamics": "input"},
    "out": {"size": 2, "dynamics": {"type": "static", "activation": "linear"}}},
    "projections": [{"from": "in", "to": "out", "rule": "r"}]},
  "learning": {"rules": {"r": {"plugin": ")" +
         plugin + R"("}}},
  "task": {"stimuli": {"inputs": [[1, 2], [3, -1]]}, "epochs": 2,
    "trial": [{"phase": "p", "duration": 1, "stimulus": "in", "plastic": true)" +
         phase + R"(}]}})";
}

std::string deed(const std::string &what) { return "ENGRAM_TEST_DEED=" + what; }

// A folder of plugins with a sound one and one that does its deed while it is loaded.
struct Plugins : Folder {
  Plugins() {
    for (const char *name : {"sound.so", "unruly.so"}) fs::copy_file(test_plugins + name, path / name);
  }
  std::string with(const std::string &what) const { return "ENGRAM_PLUGIN_PATH='" + path.string() + "' " + deed(what); }
};

} // namespace

TEST_CASE("a rule that ends or leaves a run in its own way: exit 1, its name, and the last good weights", "[cli]") {
  struct Case {
    std::string deed, told;
  };
  for (const auto &[what, told] : {
         Case{"exit", "ends the program by exit()"}, Case{"quick-exit", "ends the program by exit()"},
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
             Case{"quit", "ends the program by exit()"},
#endif
             Case{"throw", "an exception leaves a callback: lost"},
             Case{"throw-number", "an exception leaves a callback"}, Case{"no-message", "says not why"},
             Case{"endless-message", std::string(512, 'x')}, Case{"escape-message", "?[31mred?and more"},
       }) {
    const Folder folder;
    folder.write("model.json", learning_by(test_plugins + "unruly.so"));
    const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path, deed(what));
    INFO(what << "\n" << r.err);
    CHECK(r.exit == 1);
    CHECK(r.out.empty());
    CHECK(contains(r.err, "rule 'unruly'"));
    CHECK(contains(r.err, told));
    CHECK(contains(last_line(r.err), "the last good weights are in run.nwb"));
    CHECK(!contains(r.err, "\033"));
    CHECK(command::engram("inspect run.nwb", folder.path).exit == 0);
    CHECK(!fs::exists(folder.path / "run.nwb.partial"));
  }
}

TEST_CASE("a rule that closes the program's files is named, and no file is damaged", "[cli]") {
  for (const std::string what : {"close-all", "replace-all"}) {
    const Folder folder, spare;
    folder.write("model.json", learning_by(test_plugins + "unruly.so"));
    folder.write("victim", "as it was");
    const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path,
                                   "TMPDIR='" + spare.path.string() + "' " + deed(what));
    INFO(what << "\n" << r.err);
    CHECK(r.exit == 1);
    CHECK(contains(r.err, "code in this program has closed its descriptor"));
    CHECK(contains(r.err, "rule 'unruly'"));
    CHECK(slurp(folder.path / "victim") == "as it was");
    CHECK(!fs::exists(folder.path / "run.nwb"));
    CHECK(command::engram("inspect run.nwb.partial", folder.path).exit == 0); // what had been saved
    CHECK(record::RunReader((spare.path / "model.nwb").string()).projections().size() == 1);
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they tell crashes themselves
TEST_CASE("a rule that crashes is named", "[cli]") {
  const Folder folder;
  folder.write("model.json", learning_by(test_plugins + "unruly.so"));
  for (const auto &[what, signal] :
       {std::pair<std::string, std::string>{"crash", "crashes (SIGSEGV: "}, {"abort", "crashes (SIGABRT: "}}) {
    const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path, deed(what));
    INFO(r.err);
    CHECK(r.exit == 1);
    CHECK(contains(last_line(r.err), "engram: rule 'unruly': " + signal));
    CHECK(last_line(r.err).ends_with("); what was not saved before is lost"));
    CHECK(!fs::exists(folder.path / "run.nwb"));
  }
}
#endif

TEST_CASE("a rule that leaves another rounding mode, or flush-to-zero off, changes no number of a run", "[cli]") {
  const Folder folder;
  folder.write("model.json",
               R"({"architecture": {"regions": {"in": {"size": 3, "dynamics": "input"},
    "out": {"size": 2, "dynamics": {"type": "static", "activation": "tanh"}}},
    "projections": [{"from": "in", "to": "out", "rule": ["u", "h"]}]},
  "learning": {"rules": {"u": {"plugin": ")" +
                   test_plugins + R"(unruly.so"}, "h": {"plugin": "hebb", "rate": 0.01}}},
  "task": {"stimuli": {"inputs": [[0.1, 0.7, 0.3], [0.3, -0.1, 0.9]]}, "epochs": 50,
    "trial": [{"phase": "p", "duration": 1, "stimulus": "in", "plastic": true}]}})");
  const auto weights = [&](const std::string &what) {
    const auto r = command::engram("run model.json --quiet --out " + what + ".nwb", folder.path, deed(what));
    INFO(what << "\n" << r.err);
    REQUIRE(r.exit == 0);
    return record::RunReader((folder.path / (what + ".nwb")).string()).weights("in->out");
  };
  const arma::mat right = weights("nothing");
  for (const std::string what : {"rounding", "flush"}) CHECK(arma::approx_equal(weights(what), right, "absdiff", 0));
}

TEST_CASE("a process that a rule has forked leaves the run file alone as it ends", "[cli]") {
  const Folder folder;
  folder.write("model.json", learning_by(test_plugins + "unruly.so"));
  for (const std::string what : {"fork", "fork-exit"}) {
    const auto r = command::engram("run model.json --quiet --out " + what + ".nwb", folder.path, deed(what));
    INFO(what << "\n" << r.err);
    CHECK(r.exit == 0);
    CHECK(!contains(r.err, "rule 'unruly'"));
    const auto shown = command::engram("inspect " + what + ".nwb", folder.path);
    INFO(shown.err);
    CHECK(contains(shown.out, "\"complete\""));
  }
  CHECK(folder.files() == 3); // the model and its two run files
}

TEST_CASE("a rule that goes to another folder does not take the run file along", "[cli]") {
  const Folder folder;
  folder.write("model.json", learning_by(test_plugins + "unruly.so"));
  for (const std::string out : {"--out run.nwb", ""}) {
    const auto r = command::engram("run model.json --quiet " + out, folder.path, deed("chdir"));
    INFO(r.err);
    CHECK(r.exit == 0);
  }
  CHECK(fs::exists(folder.path / "run.nwb"));
  CHECK(fs::exists(folder.path / "model.nwb"));
}

TEST_CASE("weights saved when a rule fails are without what a rule perturbs them by", "[cli]") {
  // weight_perturbation adds noise to its projection for the phase in which the other rule fails.
  const Folder folder;
  folder.write("model.json",
               R"({"seed": 3, "architecture": {"regions": {"in": {"size": 2, "dynamics": "input"},
    "out": {"size": 2, "dynamics": {"type": "static", "activation": "linear"}}},
    "projections": [{"from": "in", "to": "out", "weights": 0.5, "rule": ["p", "r"]}]},
  "learning": {"rules": {"p": {"plugin": "weight_perturbation"}, "r": {"plugin": ")" +
                   test_plugins + R"(unruly.so"}}},
  "objective": {"type": "mse", "region": "out", "delivery": "scalar"},
  "task": {"stimuli": {"inputs": [[1, 2]], "targets": [[1, 1]]}, "trial": [
    {"phase": "quiet", "duration": 1, "stimulus": "in", "objective": true, "plastic": false},
    {"phase": "noisy", "duration": 1, "stimulus": "in", "objective": true, "noise": true, "plastic": true}]}})");
  for (const std::string what : {"throw", "exit"}) {
    const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path, deed(what));
    INFO(what << "\n" << r.err);
    REQUIRE(r.exit == 1);
    REQUIRE(contains(r.err, "rule 'unruly'"));
    const arma::mat saved = record::RunReader((folder.path / "run.nwb").string()).weights("in->out");
    CHECK(arma::approx_equal(saved, arma::mat(2, 2, arma::fill::value(0.5)), "absdiff", 0));
  }
}

TEST_CASE("a bad plugin within reach is named and left out, and the rest works", "[cli]") {
  const Plugins plugins;
  const Folder folder;
  const auto good = folder.write("model.json", learning_by("sound"));
  struct Case {
    std::string deed, told;
  };
  for (const auto &[what, told] :
       {Case{"load-exit", "ends the process by exit() while it is loaded"},
        Case{"load-quit", "ends the process while it is loaded"},
        Case{"load-throw", "an exception leaves it while it is loaded: a bad start"},
        Case{"load-crash", "ends the process by signal 11"},
        Case{"17-states", "17 presynaptic states are more than 16"}, Case{"newer-table", "its table has"}}) {
    const std::vector<std::string> all{
        "rules",           "rules sound",           "rules --json", "schema", "validate model.json",
        "show model.json", "rules --for model.json"};
    for (const auto &command : what == "load-exit" ? all : std::vector<std::string>{"rules"}) {
      const auto r = command::engram(command, folder.path, plugins.with(what));
      INFO(what << ": " << command << "\n" << r.err);
      CHECK(r.exit == 0);
      CHECK(!r.out.empty());
      if (command == "rules sound") continue; // nothing else is read
      CHECK(contains(r.err, "unruly.so: "));
      CHECK(contains(r.err, told));
      CHECK(contains(r.err, "left out"));
    }
    const auto asked = command::engram("rules unruly", folder.path, plugins.with(what));
    INFO(what << "\n" << asked.err);
    CHECK(asked.exit == 1);
    CHECK(contains(asked.err, told));
    if (what != "load-exit") continue;
    // The model's own rule is sound: it runs.
    const auto run = command::engram("run model.json --quiet --out run.nwb", folder.path, plugins.with(what));
    INFO(run.err);
    CHECK(run.exit == 0);
  }
}

TEST_CASE("a plugin that never comes to an end while it is loaded is left out", "[cli][slow]") {
  const Plugins plugins;
  const auto r = command::engram("rules", plugins.path, plugins.with("load-hang"));
  CHECK(r.exit == 0);
  CHECK(contains(r.out, "sound"));
  CHECK(contains(r.err, "does not come to an end while it is loaded"));
}

TEST_CASE("what a plugin prints while it is loaded does not reach the listing", "[cli]") {
  const Plugins plugins;
  const auto r = command::engram("rules --json", plugins.path, plugins.with("load-print"));
  REQUIRE(r.exit == 0);
  CHECK(nlohmann::json::parse(r.out).is_array());
}

TEST_CASE("code that does not come with engram runs only with a word before", "[cli]") {
  const Folder folder;
  const auto lines = [](const std::string &text) { return std::count(text.begin(), text.end(), '\n'); };
  fs::copy_file(test_plugins + "sound.so", folder.path / "sound.so");
  folder.write("beside.json", learning_by("./sound.so"));
  for (const std::string command : {"validate", "show"}) {
    const auto r = command::engram(command + " beside.json", folder.path);
    INFO(r.err);
    CHECK(r.exit == 0);
    CHECK(contains(r.err, "sound.so is not an installed plugin; its code runs in a process of its own"));
    CHECK(lines(r.err) == 1);
  }
  const auto beside = command::engram("run beside.json --quiet", folder.path);
  CHECK(beside.exit == 0);
  CHECK(contains(beside.err, "sound.so is not an installed plugin; its code runs in this program"));
  CHECK(lines(beside.err) == 1);
  folder.write("named.json", learning_by("sound"));
  const auto named =
      command::engram("run named.json --quiet", folder.path, "ENGRAM_PLUGIN_PATH='" + folder.path.string() + "'");
  CHECK(named.exit == 0);
  CHECK(contains(named.err, "sound.so is not an installed plugin; its code runs in this program"));
  folder.write("installed.json", learning_by("hebb"));
  const auto installed = command::engram("run installed.json --quiet", folder.path);
  CHECK(installed.exit == 0);
  CHECK(installed.err.empty());
}

TEST_CASE("of a rule that is missing the folders are told that were searched", "[cli]") {
  const Folder folder;
  folder.write("model.json", learning_by("hebbb"));
  const std::string here = "ENGRAM_PLUGIN_PATH='" + folder.path.string() + "'";
  for (const std::string command :
       {"run model.json --quiet", "validate model.json", "rules hebbb", "check-rule hebbb"}) {
    const auto r = command::engram(command, folder.path, here);
    INFO(command << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, "looked in " + folder.path.string() + ", "));
    CHECK(contains(r.err, ENGRAM_BUILD_DIR "/plugins"));
    CHECK(contains(r.err, "did you mean 'hebb'?"));
  }
}

TEST_CASE("weights that are not finite are refused where they come from", "[cli]") {
  const Folder folder;
  folder.write("model.json", learning_by("hebb"));
  {
    record::RunFile file((folder.path / "run.nwb").string(),
                         {"small", "{}", "", 1, "0", "double", "2026-01-01T00:00:00+00:00"});
    arma::mat weights(2, 2, arma::fill::ones);
    weights(1, 0) = arma::datum::nan;
    file.write_weights("in->out", weights, "weights");
    file.finish();
  }
  const auto r = command::engram("run model.json --quiet --weights run.nwb --out next.nwb", folder.path);
  INFO(r.err);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "run.nwb"));
  CHECK(contains(r.err, "1 weights of 'in->out' are no finite numbers: value 1, 0 is nan"));
  CHECK(!fs::exists(folder.path / "next.nwb"));
}
