// `engram check-rule` passes sound rules, and finds each fault for its own reason.
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

namespace {

std::string test_plugin(const std::string &name) {
  return std::string(ENGRAM_BUILD_DIR) + "/tests/plugins/" + name + ".so";
}

// The checks run in processes of their own, which a program without threads must start: the command line does.
nlohmann::json report(const std::string &rule, int expected, double seconds = 120) {
  const command::Folder folder;
  const auto told = command::engram("check-rule " + rule + " --json --seconds " + std::to_string(seconds), folder.path);
  INFO(rule << ": " << told.err);
  CHECK(told.exit == expected);
  return nlohmann::json::parse(told.out);
}

} // namespace

TEST_CASE("every rule that we ship passes the conformance kit, and is what it says", "[conformance]") {
  std::size_t local = 0;
  for (const auto &file : std::filesystem::directory_iterator(std::string(ENGRAM_BUILD_DIR) + "/plugins")) {
    if (file.path().extension() != ".so") continue;
    const auto source = std::filesystem::path(ENGRAM_SOURCE_DIR) / "plugins" / file.path().stem() / "rule.cpp";
    if (!std::filesystem::exists(source)) continue; // neurons, terms and environments: below
    const auto told = report(file.path().string(), 0);
    for (const auto &check : told.at("checks")) {
      INFO(told.at("rule") << ": " << check.dump());
      CHECK(check.at("passed").get<bool>());
    }
    local += told.at("local").get<bool>();
  }
  CHECK(local >= 3);
}

TEST_CASE("all neurons, terms and environments that we ship pass the checks of their kind", "[conformance]") {
  const command::Folder folder;
  std::size_t tried = 0;
  for (const auto &plugin : std::filesystem::directory_iterator(std::string(ENGRAM_SOURCE_DIR) + "/plugins")) {
    if (!plugin.is_directory() || std::filesystem::exists(plugin.path() / "rule.cpp")) continue;
    const auto told =
        command::engram("check " + plugin.path().filename().string() + " --json --seconds 120", folder.path);
    INFO(plugin.path().filename() << ": " << told.err << told.out);
    CHECK(told.exit == 0);
    const auto answer = nlohmann::json::parse(told.out);
    for (const auto &check : answer.at("checks")) CHECK(check.at("passed").get<bool>());
    ++tried;
  }
  CHECK(tried >= 11);
}

TEST_CASE("the conformance kit finds what is broken, and says what", "[conformance]") {
  // Plugin, the check that must fail, words of the reason.
  struct Case {
    const char *plugin, *check, *reason;
  };
  for (const auto &[plugin, check, reason] : {
         Case{"broken_neighbour", "neighbours", "when postsynaptic neuron 1 does something else"},
             Case{"broken_order", "order", "another order"},
             Case{"broken_global", "repeats", "remembers something of its own"},
             Case{"broken_bounds", "buffers", "beyond the end of the presynaptic factor 0"},
             Case{"broken_undeclared", "buffers", "beyond the end of the presynaptic signals"},
             Case{"broken_nan", "numbers", "not a finite number"},
#if !defined(__SANITIZE_ADDRESS__) // whose allocator does not tell how much is in use
             Case{"broken_leak", "memory", "memory grows"},
#endif
             Case{"broken_throw", "buffers", "an exception leaves a callback: lost"},
             Case{"broken_batch", "trials", "a batch gives"},
             Case{"broken_crash", "buffers", "touches memory that it was not given"},
             Case{"wrong_abi", "table", "version 77"}, Case{"small_table", "table", "bytes"},
             Case{"no_entry", "table", "engram_rule_table"},
       }) {
    const auto told = report(test_plugin(plugin), 1);
    INFO(plugin << ": " << told.dump());
    const auto &checks = told.at("checks");
    const auto found = std::find_if(checks.begin(), checks.end(), [&, &name = check](const auto &c) {
      return !c.at("passed") && c.at("name") == name;
    });
    REQUIRE(found != checks.end());
    CHECK(found->at("reason").template get<std::string>().find(reason) != std::string::npos);
  }
}

TEST_CASE("check-rule tells of each check, ends with 1 where one fails, and with 2 for an unknown rule",
          "[conformance]") {
  const auto good = report("oja", 0);
  CHECK(good.at("rule") == "oja");
  CHECK(good.at("local") == true);
  CHECK(good.at("checks").size() >= 10);
  const command::Folder folder;
  const auto reference = command::engram("check-rule backprop", folder.path);
  CHECK(reference.exit == 0);
  CHECK(reference.out.find("backprop: nonlocal (reference)") != std::string::npos);
  const auto bad = command::engram("check-rule " + test_plugin("broken_nan"), folder.path);
  CHECK(bad.exit == 1);
  CHECK(bad.out.find("FAIL  numbers") != std::string::npos);
  const auto unknown = command::engram("check-rule ojja", folder.path);
  CHECK(unknown.exit == 2);
  CHECK(unknown.err.find("oja") != std::string::npos);
}

TEST_CASE("rules --for tells which rules fit each projection", "[conformance]") {
  const command::Folder folder;
  const auto told =
      command::engram("rules --for " + std::string(ENGRAM_SOURCE_DIR) + "/models/digits.json --json", folder.path);
  REQUIRE(told.exit == 0);
  const auto json = nlohmann::json::parse(told.out);
  const auto &fitting = json.at(0).at("rules"); // retina->V1
  CHECK(std::find(fitting.begin(), fitting.end(), "feedback_alignment") != fitting.end());
  CHECK(std::find(fitting.begin(), fitting.end(), "hebb") != fitting.end());

  // For a reader each rule that does not fit has a line of its own.
  const auto text = command::engram("rules --for " + command::model("digits.json"), folder.path).out;
  std::size_t lines = 0;
  for (auto at = text.find("  does not "); at != std::string::npos; at = text.find("  does not ", at + 1), ++lines)
    CHECK((at > 0 && text[at - 1] == '\n'));
  CHECK(lines > 1);
}
