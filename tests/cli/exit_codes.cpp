// The exit code says whose fault it is, by the kind of the error (simulator/README.md, "Errors").
#include "catch.hpp"
#include "command.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "learning/plugin_error.hpp"
#include "measures/not_applicable.hpp"

using namespace command;

namespace {

const std::string throwing_hdf5 = "LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/throws_in_hdf5.so'";

std::string one_rule_model(const std::string &plugin) {
  return R"({"architecture": {"regions": {"in": {"size": 2, "dynamics": "input"}, "out": {"size": 2, "dynamics": "static"}},
    "projections": [{"from": "in", "to": "out", "rule": "r"}]},
  "learning": {"rules": {"r": {"plugin": ")" +
         plugin + R"("}}},
  "task": {"stimuli": {"inputs": [[1, 2], [3, -1]]},
    "trial": [{"phase": "p", "duration": 1, "stimulus": "in", "plastic": true}]}})";
}

} // namespace

TEST_CASE("wrong input ends with exit code 2, and a rule that fails with 1", "[cli]") {
  const Folder folder;
  const std::string plugins = ENGRAM_BUILD_DIR "/tests/plugins/";
  folder.write("model.json", one_rule_model(plugins + "complains.so"));
  folder.write("absent.json", one_rule_model(plugins + "absent.so"));
  CHECK(command::engram("run model.json --quiet", folder.path).exit == 1);
  CHECK(command::engram("run absent.json --quiet", folder.path).exit == 2);
  CHECK(command::engram("inspect absent.nwb", folder.path).exit == 2);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // the sanitizer's library has to be loaded first
TEST_CASE("an exception that nobody knows ends with exit code 3 and asks for a report", "[cli]") {
  const Folder folder;
  const std::string file = ENGRAM_SOURCE_DIR "/tests/data/fixtures/plain.h5";
  CHECK(command::engram("inspect '" + file + "'", folder.path).exit == 0);
  const auto r = command::engram("inspect '" + file + "'", folder.path, throwing_hdf5);
  INFO(r.err);
  CHECK(r.exit == 3);
  CHECK(r.out.empty());
  CHECK(contains(r.err, "internal error: " + file + ": planted by a test"));
  CHECK(contains(r.err, "please report it"));
}
#endif

TEST_CASE("a type of error has the kind of its fault", "[cli]") {
  using engram::ErrorKind;
  CHECK(engram::input::InputError("x").kind() == ErrorKind::wrong_input);
  CHECK(engram::measures::NotApplicable("x").kind() == ErrorKind::wrong_input);
  CHECK(engram::learning::RuleNotFound("x").kind() == ErrorKind::wrong_input);
  CHECK(engram::learning::PluginError("x").kind() == ErrorKind::failed);
  CHECK(engram::Failed("x").kind() == ErrorKind::failed);
  CHECK(engram::Broken("x").kind() == ErrorKind::broken);
}
