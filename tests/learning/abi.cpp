// The plugin interface refuses tables beyond its limits where they are read, and its layout is that of its version.
#include "catch.hpp"
#include "learning/rule_library.hpp"

#include <cstddef>
#include <cstdlib>
#include <string>

using engram::learning::PluginError;
using engram::learning::RuleLibrary;

namespace {

const std::string abi_plugins = ENGRAM_BUILD_DIR "/tests/plugins";

// Why a test's plugin is refused, both as it is loaded and as it is listed; "" when it is taken.
std::string refused(const std::string &name, const std::string &deed) {
  setenv("ENGRAM_TEST_DEED", deed.c_str(), 1);
  std::string loaded, described;
  try {
    RuleLibrary({abi_plugins}).load(name);
  } catch (const PluginError &error) {
    loaded = error.what();
  }
  try {
    RuleLibrary({abi_plugins}).info(name);
  } catch (const PluginError &error) {
    described = error.what();
  }
  unsetenv("ENGRAM_TEST_DEED");
  CHECK(loaded == described);
  return loaded;
}

} // namespace

TEST_CASE("tables at the limits of plugin.h are taken, those beyond are refused with both numbers", "[learning]") {
  const auto [deed, words] = GENERATE(table<std::string, std::string>({
      {"16-states", ""},
      {"16-factors", ""},
      {"17-states", "17 presynaptic states are more than 16"},
      {"17-factors", "17 factors are more than 16"},
      {"17-signals", "17 presynaptic signals are more than 16"},
      {"9-modulators", "9 modulators are more than 8"},
      {"65-parameters", "65 parameters are more than 64"},
      {"long-name", "the name of state 0 is longer than 64 bytes"},
      {"spike-times", "'spike_times' is 1: it is 0 or 1, and 1 only of a global rule"},
      {"escape", "the summary holds characters that cannot be shown"},
  }));
  const auto text = refused("unruly", deed);
  INFO(deed << ": " << text);
  CHECK((words.empty() ? text.empty() : text.find(words) != std::string::npos));
}

TEST_CASE("a table of another size or version is refused with both numbers, smaller or larger", "[learning]") {
  const auto size = sizeof(engram_rule);
  // tests/plugins/older_header/plugin.h is a header of version 1.
  CHECK(refused("older_header", "").find("version 1 of the plugin interface; this engram has version 3") !=
        std::string::npos);
  CHECK(refused("unruly", "newer-table")
            .find("its table has " + std::to_string(size + 8) + " bytes; this engram's has " + std::to_string(size)) !=
        std::string::npos);
  CHECK(refused("wrong_abi", "").find("version 77 of the plugin interface; this engram has version 3") !=
        std::string::npos);
}

TEST_CASE("the layout of the plugin interface is that of version 3", "[learning]") {
  // Structs that a plugin reads or fills, on 64-bit Linux. Whoever changes one raises ENGRAM_ABI_VERSION, for a plugin
  // that was compiled before would read other fields, and only then writes the new numbers here.
  if (sizeof(void *) != 8) return;
  REQUIRE(ENGRAM_ABI_VERSION == 3u);
  CHECK(sizeof(engram_parameter) == 56);
  CHECK(sizeof(engram_signal) == 16);
  CHECK(sizeof(engram_state) == 48);
  CHECK(sizeof(engram_moment_info) == 72);
  CHECK(offsetof(engram_moment_info, objective) == 64);
  CHECK(sizeof(engram_neurons) == 48);
  CHECK(sizeof(engram_message) == 16);
  CHECK(sizeof(engram_tile) == 152);
  CHECK(offsetof(engram_tile, perturbation) == 144);
  CHECK(sizeof(engram_row) == 160);
  CHECK(offsetof(engram_row, change) == 152);
  CHECK(sizeof(engram_spike_callbacks) == 56);
  CHECK(sizeof(engram_callbacks) == 48);
  CHECK(sizeof(engram_projection) == 40);
  CHECK(sizeof(engram_network) == 56);
  CHECK(sizeof(engram_rule) == 376);
  CHECK(offsetof(engram_rule, state_late) == 352);
  CHECK(offsetof(engram_rule, state_from_weight) == 360);
  CHECK(offsetof(engram_rule, spike_times) == 368);
}
