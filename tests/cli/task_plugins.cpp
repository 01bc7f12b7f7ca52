// A term of the objective and an environment that a user wrote: by name and by path in a model, listed, tried, and
// refused in one line where they are wrong.
#include "catch.hpp"
#include "cli/one_line.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>

using namespace command;

namespace {

const std::string plugins_of_tests = ENGRAM_BUILD_DIR "/tests/plugins/";

std::string with_objective(const std::string &objective) {
  return R"({ "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" },
        "out": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "in", "to": "out", "rule": "r" } ] },
    "objective": )" +
         objective + R"(,
    "learning": { "rules": { "r": { "plugin": "backprop", "rate": 0.1 } } },
    "task": { "stimuli": { "inputs": [[0, 1], [1, 0]], "targets": [[1, 0], [0, 1]] }, "batch": 2, "epochs": 3,
      "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true, "plastic": true } ] } })";
}

std::string with_environment(const std::string &environment) {
  return R"({ "architecture": { "regions": { "cue": { "size": 1, "dynamics": "input" },
        "value": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "cue", "to": "value" } ] },
    "task": { "environment": { )" +
         environment + R"(, "trials": 5, "sees": { "choice": "value" }, "shows": { "cue": "cue" } },
      "trial": [ { "phase": "p", "duration": 20 } ] } })";
}

} // namespace

TEST_CASE("a model names a plugin's term or environment by name or by path, and runs", "[cli][plugins]") {
  const Folder folder;
  folder.write("name.json", with_objective(R"({ "type": "huber", "region": "out", "width": 0.5 })"));
  folder.write("path.json", with_objective(R"([ { "type": ")" + plugins_of_tests + R"(mse_again.so", "region": "out" },
                                   { "type": "huber", "region": "out", "delivery": "scalar", "weight": 0.5 } ])"));
  folder.write("car.json", R"({ "architecture": { "regions": {
        "value": { "size": 3, "dynamics": { "type": "static", "activation": "linear" } } } },
    "task": { "environment": { "type": "mountain_car", "trials": 3, "temperature": 1, "sees": { "choice": "value" } },
      "trial": [ { "phase": "p", "duration": 20 } ] } })");
  folder.write("bandit.json", with_environment(R"("type": ")" + plugins_of_tests + R"(bandit_again.so")"));
  for (const char *model : {"name.json", "path.json", "car.json", "bandit.json"}) {
    INFO(model);
    const auto valid = command::engram(std::string("validate ") + model, folder.path);
    INFO(valid.err);
    CHECK(valid.exit == 0);
    const auto run = command::engram(std::string("run --force --out out.nwb --json ") + model, folder.path);
    INFO(run.err);
    CHECK(run.exit == 0);
    if (std::string(model) == "path.json") { // a term is called what its file is
      CHECK_THAT(run.out, ContainsSubstring("\"mse_again\""));
      CHECK_THAT(run.err, ContainsSubstring("mse_again.so is not an installed plugin"));
    }
  }
}

TEST_CASE("what is wrong with a plugin's term or environment in a model is told in one line", "[cli][plugins]") {
  const Folder folder;
  const auto term = [](const std::string &type, const std::string &more = "") {
    return with_objective(R"({ "type": ")" + type + R"(", "region": "out")" + more + " }");
  };
  expect_one_line(folder, term("huber", R"(, "width": 0)"), "/objective/width: must be at least 1e-09, not 0");
  expect_one_line(folder, term("huber", R"(, "widht": 1)"), "did you mean 'width'?");
  expect_one_line(folder, term("hubert"), "did you mean 'huber'?");
  expect_one_line(folder, term(plugins_of_tests + "sound.so"),
                  "is not a term of the objective: it holds a learning rule");
  expect_one_line(folder, term(plugins_of_tests + "bandit_again.so"),
                  "is not a term of the objective: it holds an environment");
  expect_one_line(folder, term(plugins_of_tests + "objective_of_version_0.so"),
                  "made for version 0 of the plugin interface; this engram has version 2");
  expect_one_line(folder, term("./absent.so"), "absent.so: no such file");
  const auto place = [](const std::string &type, const std::string &more = "") {
    return with_environment(R"("type": ")" + type + "\"" + more);
  };
  const auto bandit = plugins_of_tests + "bandit_again.so";
  expect_one_line(folder, place(bandit, R"(, "left": 2)"), "/task/environment/left: must be at most 1, not 2");
  expect_one_line(folder, place(bandit, R"(, "reward_delay": 1.5)"), "/task/environment/reward_delay");
  expect_one_line(folder, place(bandit, R"(, "rihgt": 0.5)"), "did you mean 'right'?");
  expect_one_line(folder, place("mountain_cart"), "did you mean 'mountain_car'?");
  expect_one_line(folder, place(plugins_of_tests + "mse_again.so"),
                  "is not an environment: it holds a term of the objective");
  expect_one_line(folder, place(plugins_of_tests + "environment_of_version_0.so"),
                  "made for version 0 of the plugin interface; this engram has version 2");
}

TEST_CASE("a term that has no value or no derivative ends the run by its name", "[cli][plugins]") {
  const Folder folder;
  const auto run = [&](const std::string &rule, const std::string &log, const std::string &target) {
    folder.write("m.json", R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
          "out": { "size": 1, "dynamics": { "type": "static", "activation": "linear" } } },
        "projections": [ { "from": "in", "to": "out", "weights": 0.5, "rule": "r" } ] },
      "objective": { "type": ")" +
                               plugins_of_tests + R"(no_value.so", "region": "out", "log": )" + log + R"( },
      "learning": { "rules": { "r": { "plugin": ")" +
                               rule + R"(", "rate": 0.1 } } },
      "task": { "stimuli": { "inputs": [[1]], "targets": [[)" +
                               target + R"(]] },
        "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true, "plastic": true } ] } })");
    return command::engram("run m.json --quiet --force", folder.path);
  };
  for (const std::string rule : {"backprop", "feedback_alignment"}) {
    const auto r = run(rule, "0", "0.5"); // the error is 0
    INFO(r.err);
    CHECK(r.exit == 1);
    CHECK_THAT(r.err,
               ContainsSubstring("objective 'no_value': its derivative by neuron 0 is no finite number where the "
                                 "signal is 0.5"));
  }
  const auto negative = run("backprop", "1", "0.75");
  INFO(negative.err);
  CHECK(negative.exit == 1);
  CHECK_THAT(negative.err,
             ContainsSubstring("the loss is not a finite number in epoch 1, trial 0: it may divide by 0, or"));
  CHECK(run("backprop", "1", "0.25").exit == 0);
}

TEST_CASE("a new plugin does not get the name of an entry of engram itself", "[cli][plugins]") {
  const Folder folder;
  for (const auto &[name, kind, words] : std::vector<std::array<std::string, 3>>{
           {"lif", "dynamics", "'lif' is the dynamics of a neuron of engram itself; give yours another name"},
           {"mse", "objective", "'mse' is a term of the objective of engram itself"},
           {"reaching", "environment", "'reaching' is an environment of engram itself"}}) {
    const auto r = command::engram("new " + name + " --kind " + kind, folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(words));
    CHECK(!std::filesystem::exists(folder.path / name));
  }
  CHECK(command::engram("new lif --kind objective", folder.path).exit == 0);
}

TEST_CASE("where a plugin's name is wrong it is told where plugins are looked for", "[cli][plugins]") {
  const Folder folder;
  folder.write("term.json", with_objective(R"({ "type": "hubert", "region": "out" })"));
  folder.write("place.json", with_environment(R"("type": "banditt")"));
  for (const char *model : {"term.json", "place.json"})
    CHECK_THAT(command::engram(std::string("validate ") + model, folder.path).err,
               ContainsSubstring("for plugins it looked in"));
}

TEST_CASE("engram objectives and environments list engram's own and plugins", "[cli][plugins]") {
  const Folder folder;
  const auto list = command::engram("objectives", folder.path);
  CHECK(list.exit == 0);
  CHECK_THAT(list.out, ContainsSubstring("cross_entropy"));
  CHECK_THAT(list.out, ContainsSubstring("huber"));
  const auto one = command::engram("objectives " + plugins_of_tests + "variance_of_batch.so", folder.path);
  CHECK(one.exit == 0);
  CHECK_THAT(one.out, ContainsSubstring("compared    with nothing"));
  CHECK_THAT(one.out, ContainsSubstring("variance|half"));
  const auto json = nlohmann::json::parse(command::engram("environments --json", folder.path).out);
  const auto found =
      std::find_if(json.begin(), json.end(), [](const auto &e) { return e.at("name") == "mountain_car"; });
  REQUIRE(found != json.end());
  CHECK(found->at("plugin") == true);
  CHECK(found->at("sees") == nlohmann::json{"choice"});
  const auto place = command::engram("environments mountain_car", folder.path);
  CHECK_THAT(place.out, ContainsSubstring("COLUMN OF TRIALS"));
  for (const char *absent : {"objectives hubert", "environments mountain_cart"}) {
    const auto r = command::engram(absent, folder.path);
    CHECK(r.exit == 2);
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  }
  CHECK_THAT(command::engram("help huber", folder.path).out, ContainsSubstring("Huber 1964"));
}

TEST_CASE("a name that is no term, environment or neuron is told with those that there are, and where they were sought",
          "[cli][plugins]") {
  const Folder folder;
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"objectives", "unknown objective 'zzzzzzzz'; known: mse, "},
      {"environments", "unknown environment 'zzzzzzzz'; known: two_armed_bandit, "},
      {"dynamics", "unknown dynamics 'zzzzzzzz'; known: input, "}};
  for (const auto &[kind, words] : kinds) {
    const auto r = command::engram(kind + " zzzzzzzz", folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(words));
    CHECK_THAT(r.err, ContainsSubstring("(looked in "));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  }
}

TEST_CASE("engram check tries a plugin's term, and names a faulty one", "[cli][plugins]") {
  const Folder folder;
  for (const std::string name :
       {"mse_again", "softmax_again", "variance_of_batch", "course_roughness", "course_correlation", "course_variance",
        "mean_apart", "mean_error", "older_objective"}) {
    const auto r = command::engram("check " + plugins_of_tests + name + ".so --seconds 60 --json", folder.path);
    INFO(r.out << r.err);
    CHECK(r.exit == 0);
    const auto json = nlohmann::json::parse(r.out);
    CHECK(json.at("objective") == name);
    CHECK(json.at("checks").size() == 11);
  }
  const auto broken = command::engram("check " + plugins_of_tests + "broken_term.so --seconds 60", folder.path);
  CHECK(broken.exit == 1);
  CHECK_THAT(broken.out, ContainsSubstring("FAIL  repeats     the loss differs when it is called again"));
}

TEST_CASE("engram check tries a plugin's environment, and names a faulty one", "[cli][plugins]") {
  const Folder folder;
  const auto r = command::engram("check " + plugins_of_tests + "bandit_again.so --seconds 60 --json", folder.path);
  INFO(r.out << r.err);
  CHECK(r.exit == 0);
  const auto json = nlohmann::json::parse(r.out);
  CHECK(json.at("environment") == "bandit_again");
  CHECK(json.at("checks").size() == 8);
  const auto broken = command::engram("check " + plugins_of_tests + "broken_environment.so --seconds 60", folder.path);
  CHECK(broken.exit == 1);
  CHECK_THAT(broken.out, ContainsSubstring("FAIL  repeats     trial 0 goes another way when it is run again"));
}
