// A neuron that a user wrote: by name and by path in a model, listed, tried, and refused in one line where it is wrong.
#include "catch.hpp"
#include "cli/one_line.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace command;

namespace {

const std::string test_plugins = ENGRAM_BUILD_DIR "/tests/plugins/";

std::string one_cell(const std::string &dynamics, const std::string &more = "") {
  return R"({ "time": { "step": 0.1 },
    "architecture": { "regions": { "cell": { "size": 3, "bias": 0.5, "dynamics": )" +
         dynamics + R"( } } },)" + more + R"(
    "task": { "trial": [ { "phase": "run", "duration": 5 } ] } })";
}

} // namespace

TEST_CASE("a model names a plugin's neurons by name or by path, and runs", "[cli][plugins]") {
  const Folder folder;
  folder.write("name.json", one_cell(R"({ "type": "fitzhugh_nagumo", "a": [0.6, 0.7, 0.8] })"));
  folder.write("path.json", one_cell("\"" + test_plugins + "coupled_pair.so\""));
  for (const char *model : {"name.json", "path.json"}) {
    INFO(model);
    const auto valid = command::engram(std::string("validate ") + model, folder.path);
    CHECK(valid.exit == 0);
    const auto run = command::engram(std::string("run --force --out out.nwb ") + model, folder.path);
    INFO(run.err);
    CHECK(run.exit == 0);
  }
  const auto foreign = command::engram("run --force --out out.nwb path.json", folder.path);
  CHECK(contains(foreign.err, "coupled_pair.so"));
}

TEST_CASE("what is wrong with a plugin's neurons in a model is told in one line", "[cli][plugins]") {
  const Folder folder;
  const auto cases = std::vector<std::pair<std::string, std::string>>{
      {R"({ "type": "fitzhugh_nagumo", "tau": 0 })",
       "/architecture/regions/cell/dynamics/tau: must be at least 0.001, not 0"},
      {R"({ "type": "fitzhugh_nagumo", "aa": 0 })", "did you mean 'a'?"},
      {R"("fitzhugh_nagum")", "did you mean 'fitzhugh_nagumo'?"},
      {"\"" + test_plugins + "sound.so\"", "is not the dynamics of neurons: it holds a learning rule"},
      {"\"" + test_plugins + "dynamics_of_version_0.so\"",
       "made for version 0 of the plugin interface; this engram has version 2"},
      {R"("./absent.so")", "absent.so: no such file"}};
  for (const auto &[dynamics, words] : cases) expect_one_line(folder, one_cell(dynamics), words);
  folder.write("rule.json", one_cell("\"fitzhugh_nagumo\"", R"("learning": { "rules": { "r": { "plugin": ")" +
                                                                test_plugins + R"(coupled_pair.so" } } },)"));
  const auto rule = command::engram("validate rule.json", folder.path);
  CHECK(rule.exit == 2);
  CHECK_THAT(rule.err, ContainsSubstring("is not a learning rule: it holds the dynamics of neurons"));
}

TEST_CASE("engram dynamics lists engram's own and plugins, with states, parameters and units", "[cli][plugins]") {
  const Folder folder;
  const auto list = command::engram("dynamics", folder.path);
  CHECK(list.exit == 0);
  CHECK_THAT(list.out, ContainsSubstring("leaky_rate"));
  CHECK_THAT(list.out, ContainsSubstring("fitzhugh_nagumo"));
  const auto one = command::engram("dynamics " + test_plugins + "coupled_pair.so", folder.path);
  CHECK(one.exit == 0);
  for (const char *words : {"x                    mV             0.25  fast", "start  slow, begins at start + x / 10",
                            "strength of the cubic leak", "0.1 … 1000", "feedforward"})
    CHECK_THAT(one.out, ContainsSubstring(words));
  const auto json = nlohmann::json::parse(command::engram("dynamics --json", folder.path).out);
  const auto found =
      std::find_if(json.begin(), json.end(), [](const auto &d) { return d.at("name") == "fitzhugh_nagumo"; });
  REQUIRE(found != json.end());
  CHECK(found->at("plugin") == true);
  CHECK(found->at("states")[1].at("name") == "w");
  CHECK(found->at("parameters")[0].at("unit") == "ms");
  const auto own = command::engram("dynamics izhikevich", folder.path);
  CHECK_THAT(own.out, ContainsSubstring("u                    mV/ms             0  recovery; begins at b v"));
  CHECK_THAT(command::engram("dynamics glif", folder.path).out,
             ContainsSubstring("exact steps where no receptor is a conductance"));
  const auto absent = command::engram("dynamics leaky_ratee", folder.path);
  CHECK(absent.exit == 2);
  CHECK(contains(absent.err, "unknown dynamics 'leaky_ratee'; did you mean 'leaky_rate'?"));
  CHECK(std::count(absent.err.begin(), absent.err.end(), '\n') == 1);
}

TEST_CASE("a threshold that is not a number ends the run by the neuron's name", "[cli][plugins]") {
  const Folder folder;
  const auto run = [&](const std::string &duration) {
    folder.write("m.json",
                 R"({ "time": { "step": 0.1 }, "architecture": { "regions": { "cell": { "size": 3, "dynamics": ")" +
                     test_plugins + R"(no_threshold.so" } } },
      "task": { "trial": [ { "phase": "run", "duration": )" +
                     duration + R"( } ] }, "record": { "cell": ["spike"] } })");
    return command::engram("run m.json --quiet --force", folder.path);
  };
  CHECK(run("0.8").exit == 0);
  const auto r = run("5");
  INFO(r.err);
  CHECK(r.exit == 1);
  CHECK_THAT(r.err, ContainsSubstring("dynamics 'no_threshold': a threshold is not a number"));
}

TEST_CASE("engram check tries a plugin's neurons", "[cli][plugins]") {
  const Folder folder;
  for (const std::string name : {"leaky_again", "coupled_pair"}) {
    const auto r = command::engram("check " + test_plugins + name + ".so --seconds 60 --json", folder.path);
    INFO(r.out << r.err);
    CHECK(r.exit == 0);
    const auto json = nlohmann::json::parse(r.out);
    CHECK(json.at("dynamics") == name);
    CHECK(json.at("checks").size() == 13);
  }
  const auto broken = command::engram("check " + test_plugins + "broken_neuron.so --seconds 60", folder.path);
  CHECK(broken.exit == 1);
  CHECK_THAT(broken.out, ContainsSubstring("FAIL  repeats     derivative differs when it is called again"));
  for (const std::string name : {"lif_again", "adex_again"}) { // spikes, resets and exact steps
    const auto r = command::engram("check " + test_plugins + name + ".so --seconds 60", folder.path);
    INFO(r.out);
    CHECK(r.exit == 0);
  }
  const auto wrong = command::engram("check " + test_plugins + "not_linear.so --seconds 60", folder.path);
  CHECK(wrong.exit == 1);
  CHECK_THAT(wrong.out, ContainsSubstring("it says that its slopes are linear, and how they change depends on"));
  const auto rule = command::engram("check hebb --seconds 60", folder.path);
  CHECK(rule.exit == 0);
  CHECK_THAT(rule.out, ContainsSubstring("hebb: local"));
}

TEST_CASE("the orders that a check finds are those of the integrators, also where a neuron is fast on its way only",
          "[cli][plugins]") {
  // Where the current takes this neuron it relaxes forty times as fast as where it begins.
  const Folder folder;
  const auto r = command::engram("check " + test_plugins + "cubic.so --seconds 60 --json", folder.path);
  INFO(r.out << r.err);
  REQUIRE(r.exit == 0);
  std::string reason;
  const auto report = nlohmann::json::parse(r.out);
  for (const auto &check : report.at("checks"))
    if (check.at("name") == "steps") reason = check.at("reason");
  INFO(reason);
  const std::vector<std::pair<std::string, double>> orders{
      {"euler ", 1}, {"modified_midpoint ", 2}, {"runge_kutta4 ", 4}, {"runge_kutta_dopri5 ", 5}};
  for (const auto &[name, order] : orders) {
    REQUIRE(contains(reason, name));
    CHECK_THAT(std::stod(reason.substr(reason.find(name) + name.size())), Catch::Matchers::WithinAbs(order, 0.5));
  }
}

TEST_CASE("engram fidelity measures a rule in a circuit of a plugin's neurons", "[cli][plugins]") {
  const Folder folder;
  folder.write("m.json", R"({ "time": { "step": 1 },
    "architecture": { "regions": {
        "in": { "size": 2, "dynamics": "input" },
        "cell": { "size": 3, "dynamics": { "type": ")" +
                             test_plugins + R"(coupled_pair.so" }, "initial": "feedforward" },
        "out": { "size": 1, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "in", "to": "cell", "rule": "r" },
                       { "from": "cell", "to": "cell", "delay": 1, "rule": "r" },
                       { "from": "cell", "to": "out", "rule": "r" } ] },
    "objective": { "type": "mse", "region": "out" },
    "learning": { "feedback": "random", "rules": { "r": { "plugin": "backprop", "rate": 0.1 } } },
    "task": { "stimuli": { "inputs": [[0, 1], [1, 0]], "targets": [[1], [0]] }, "batch": 2,
      "trial": [ { "phase": "p", "duration": 4, "stimulus": "in", "objective": true, "plastic": true } ] } })");
  const auto r = command::engram("fidelity m.json --rules backprop --samples 16 --json", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  CHECK_THAT(r.out, ContainsSubstring("\"backprop\""));
}
