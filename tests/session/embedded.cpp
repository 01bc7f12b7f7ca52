// These tests use the session as a program that embeds engram does.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_read.hpp"
#include "session/session_run.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

const session::Folders embedded_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

model::LoadOptions embedded_overrides(const std::string &precision) {
  model::LoadOptions overrides;
  overrides.settings = {"/task/epochs=40", "/precision=" + precision};
  overrides.seed = 5;
  return overrides;
}

// By the names of projections that have weights of their own.
std::map<std::string, arma::mat> embedded_weights(const session::Session &opened) {
  std::map<std::string, arma::mat> out;
  std::visit(
      [&](const auto &network) {
        for (const auto &p : network.dense)
          if (p.has_weights()) out[p.name] = arma::conv_to<arma::mat>::from(p.weights);
      },
      opened.network);
  return out;
}

bool same_bits(const arma::mat &a, const arma::mat &b) {
  return arma::size(a) == arma::size(b) && std::equal(a.begin(), a.end(), b.begin());
}

} // namespace

TEST_CASE("a program that opens and runs a model gets the weights of engram run", "[session]") {
  const std::string precision = GENERATE("single", "double");
  const Folder folder;
  const auto ended =
      command::engram("run " + command::model("credit-assignment/xor.json") + " --quiet --threads 1 --out command.nwb" +
                          " --seed 5 --set /task/epochs=40 --set /precision=" + precision,
                      folder.path);
  INFO(ended.err);
  REQUIRE(ended.exit == 0);
  const record::RunReader command_run((folder.path / "command.nwb").string());

  auto opened =
      session::open(command::model("credit-assignment/xor.json"), embedded_overrides(precision), embedded_folders);
  CHECK(opened.model.task.epochs == 40);
  CHECK(opened.trials.count == 4);
  const auto initial = embedded_weights(opened);
  session::Run run(opened, 1);
  CHECK(run.save_to((folder.path / "embedded.nwb").string()).empty());
  std::size_t epochs = 0;
  session::RunWatch watch;
  watch.epoch_done = [&](const simulation::Epoch &) { ++epochs; };
  const auto result = run.simulate(watch);
  CHECK(epochs == 40);
  CHECK(result.summary.epochs == 40);
  CHECK(!result.summary.interrupted);
  CHECK(command::fs::equivalent(result.file, folder.path / "embedded.nwb"));

  const record::RunReader own_run(result.file);
  const auto learned = embedded_weights(opened);
  REQUIRE(command_run.projections() == own_run.projections());
  REQUIRE(!command_run.projections().empty());
  for (const auto &name : command_run.projections()) {
    CAPTURE(name);
    REQUIRE(learned.contains(name));
    CHECK(same_bits(learned.at(name), command_run.weights(name)));
    CHECK(same_bits(own_run.weights(name), command_run.weights(name)));
  }
  CHECK(!same_bits(learned.at("in->hidden"), initial.at("in->hidden")));
  CHECK(own_run.model_json() == command_run.model_json());

  // A second session begins where that run ended.
  auto next =
      session::open(command::model("credit-assignment/xor.json"), embedded_overrides(precision), embedded_folders);
  CHECK(session::take_weights(result.file, next).kept.empty());
  CHECK(same_bits(embedded_weights(next).at("in->hidden"), learned.at("in->hidden")));
}

TEST_CASE("a session runs without a run file, and ends when its caller asks", "[session]") {
  auto opened =
      session::open(command::model("credit-assignment/xor.json"), embedded_overrides("double"), embedded_folders);
  session::Run run(opened, 1);
  std::atomic<bool> stop = false;
  session::RunWatch watch;
  watch.stop = &stop;
  watch.epoch_done = [&](const simulation::Epoch &epoch) { stop = epoch.epoch == 3; };
  const auto result = run.simulate(watch);
  CHECK(result.summary.interrupted);
  CHECK(result.summary.epochs == 3);
  CHECK(result.file.empty());
  CHECK(run.rescue().empty());
}

TEST_CASE("a session tells its listener of rules that are not installed, and throws what is wrong", "[session]") {
  std::vector<std::pair<std::string, session::Runs>> foreign;
  std::vector<std::string> searched;
  session::Listener listener;
  listener.foreign_rule = [&](const std::string &file, session::Runs runs) { foreign.emplace_back(file, runs); };
  listener.plugin_wrong = [&](const std::string &text) { searched.push_back(text); };
  auto overrides = embedded_overrides("double");
  session::open(command::model("credit-assignment/xor.json"), overrides, embedded_folders, listener);
  CHECK(foreign.empty());

  // The same rule, from a folder that the caller does not call installed.
  const std::string plugin = ENGRAM_BUILD_DIR "/plugins/feedback_alignment.so";
  overrides.settings.push_back("/learning/rules/local/plugin=" + plugin);
  session::open(command::model("credit-assignment/xor.json"), overrides, {{}, embedded_folders.data}, listener);
  REQUIRE(foreign.size() == 2);
  CHECK(foreign[0] == std::pair{plugin, session::Runs::in_program});
  foreign.clear();
  session::read_model(command::model("credit-assignment/xor.json"), overrides, {{}, embedded_folders.data}, listener);
  REQUIRE(foreign.size() == 1);
  CHECK(foreign[0] == std::pair{plugin, session::Runs::apart});

  CHECK(searched.empty());
  overrides.settings.back() = "/learning/rules/local/plugin=no_such_rule";
  CHECK_THROWS_AS(session::open(command::model("credit-assignment/xor.json"), overrides, embedded_folders, listener),
                  input::InputError);
  REQUIRE(searched.size() == 1);
  CHECK(command::contains(searched[0], embedded_folders.plugins[0]));
}
