// A RuleLibrary finds sound plugins, and refuses each faulty one with a message of its own.
#include "learning/rule_library.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

using engram::learning::PluginError;
using engram::learning::RuleLibrary;
using engram::learning::RuleNotFound;
namespace fs = std::filesystem;

namespace {

const std::string plugins = ENGRAM_BUILD_DIR "/tests/plugins";

std::string refusal(const std::string &word) {
  RuleLibrary library({plugins});
  try {
    library.load(word);
  } catch (const PluginError &error) {
    return error.what();
  }
  return "";
}

struct TemporaryFile {
  fs::path path;
  TemporaryFile(const std::string &name, const std::string &bytes) : path(fs::temp_directory_path() / name) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { fs::remove(path); }
};

std::string bytes_of(const std::string &file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("a sound plugin is found by name and by path, and described", "[learning]") {
  RuleLibrary library({"/nonexistent", plugins});
  const auto &table = library.load("sound");
  CHECK(std::string(table.name) == "sound");
  CHECK(&library.load(plugins + "/sound.so") == &table); // one handle, however it is named
  const auto info = library.info("sound");
  CHECK(info.form == engram::model::RuleInfo::Form::factored);
  CHECK(info.called_at == engram::model::RuleInfo::CalledAt::each_step);
  CHECK(info.local);
  REQUIRE(info.parameters.size() == 2);
  CHECK(info.parameters[1].unit == "mV");
  CHECK(info.parameters[1].minimum == -1.0);
  REQUIRE(info.signals.size() == 2);
  CHECK(info.signals[1].post);

  RuleLibrary moved(std::move(library));
  CHECK(&moved.load("sound") == &table);
}

TEST_CASE("each fault of a plugin is refused with its own message", "[learning]") {
  // The right column: what tests/plugins/<case>/rule.cpp does wrong, and both numbers where two differ.
  const auto [name, words] = GENERATE(table<std::string, std::string>({
      {"wrong_abi", "version 77 of the plugin interface; this engram has version 3"},
      {"small_table", "its table has 16 bytes; this engram's has " + std::to_string(sizeof(engram_rule))},
      {"null_name", "the rule's name is NULL"},
      {"one_callback", "in double precision it has one of them"},
      {"bad_form", "unknown form 9"},
      {"bad_moment", "unknown moment 0"},
      {"late_rates", "only a spiking rule has states that are late"},
      {"weight_of_neuron", "state 'x' is of no synapse, and cannot begin as a weight"},
      {"default_outside", "default of parameter 'gain', 3, is outside its range [0, 2]"},
      {"null_array", "2 parameters are announced, and the array is NULL"},
      {"twice", "parameter 'gain' is declared twice"},
      {"unknown_place", "signal 1 has the unknown place 5"},
      {"global_modulator", "a global rule has no modulator that it is handed"},
      {"other_name", "calls itself 'somebody_else'"},
      {"no_entry", "does not export engram_rule_table"},
  }));
  const auto text = refusal(name);
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("two rules whose structs have one name are two rules", "[learning]") {
  RuleLibrary library({plugins});
  const auto &a = library.load("twin_a"), &b = library.load("twin_b");
  CHECK(std::string(a.name) == "twin_a");
  CHECK(std::string(b.name) == "twin_b");
  CHECK(a.parameters[0].initial == 1);
  CHECK(b.parameters[0].initial == -5);
  CHECK(std::string(a.signals[1].name) == "rate");
  CHECK(std::string(b.signals[1].name) == "error");
  CHECK(a.callbacks[ENGRAM_DOUBLE].post_factors != b.callbacks[ENGRAM_DOUBLE].post_factors);
}

TEST_CASE("a table that lies in a rule opened before is refused", "[learning]") {
  RuleLibrary library({plugins});
  CHECK(std::string(library.load("borrowed_a").name) == "borrowed_a");
  std::string text;
  try {
    library.load("borrowed_b");
  } catch (const PluginError &error) {
    text = error.what();
  }
  INFO(text);
  CHECK(text.find("borrowed_b.so: its table lies in " + plugins + "/borrowed_a.so") != std::string::npos);
  CHECK(text.find("-fvisibility=hidden") != std::string::npos);
}

TEST_CASE("files that are no shared library are refused", "[learning]") {
  const TemporaryFile prose("engram_prose.so", "this is not a library");
  CHECK(refusal(prose.path).find("is not a shared library") != std::string::npos);
  const TemporaryFile empty("engram_empty.so", "");
  CHECK(refusal(empty.path).find("is not a shared library") != std::string::npos);
  CHECK(refusal(plugins + "/").find("is not a file") != std::string::npos);

  // Cut anywhere, a library is refused or (when only its section headers are gone) loaded: never a crash.
  const auto whole = bytes_of(plugins + "/sound.so");
  REQUIRE(whole.size() > 1000);
  for (const std::size_t size : {std::size_t{20}, std::size_t{100}, std::size_t{700}, whole.size() / 4}) {
    const TemporaryFile cut("engram_cut.so", whole.substr(0, size));
    CHECK(refusal(cut.path) != "");
  }
}

TEST_CASE("a name that is not there is told with the nearest, or with the names that are", "[learning]") {
  RuleLibrary library({plugins});
  CHECK_THROWS_AS(library.load("soundd"), RuleNotFound);
  CHECK(refusal("soundd").find("unknown rule 'soundd'; did you mean 'sound'?") != std::string::npos);
  CHECK(refusal("backpropagation").find("known: ") != std::string::npos);
  CHECK_THROWS_AS(library.load("/nonexistent/rule.so"), RuleNotFound);
}

TEST_CASE("the names that are listed are those of the kind that was asked for", "[learning]") {
  const auto listed = [](const char *what) {
    try {
      return RuleLibrary({plugins}).find("zzzzzzzz", what);
    } catch (const RuleNotFound &error) {
      return std::string(error.what());
    }
  };
  CHECK(listed("environment")
            .starts_with("unknown environment 'zzzzzzzz'; known: bandit_again, broken_environment, "
                         "chooses_alone, line_teacher, older_environment (looked in "));
  CHECK(listed("objective").find("known: broken_term, course_correlation, ") != std::string::npos);
  CHECK(listed("dynamics").find("known: adex_again, ") != std::string::npos);
  CHECK(listed("rule").find("adex_again") == std::string::npos);
  CHECK(listed("plugin").find("known: adex_again, bandit_again, ") != std::string::npos);
}

TEST_CASE("the list holds what can be used and names what cannot", "[learning]") {
  std::vector<std::string> problems;
  const auto rules = RuleLibrary({plugins}).list(&problems);
  CHECK(std::any_of(rules.begin(), rules.end(), [](const auto &rule) { return rule.name == "sound"; }));
  CHECK(std::none_of(rules.begin(), rules.end(), [](const auto &rule) { return rule.name == "wrong_abi"; }));
  CHECK(std::any_of(problems.begin(), problems.end(),
                    [](const auto &text) { return text.find("wrong_abi.so") != std::string::npos; }));
}

TEST_CASE("ENGRAM_PLUGIN_PATH comes before the caller's folders", "[learning]") {
  setenv("ENGRAM_PLUGIN_PATH", ("/first::" + plugins).c_str(), 1);
  const RuleLibrary library({"/last"});
  unsetenv("ENGRAM_PLUGIN_PATH");
  CHECK(library.folders() == std::vector<std::string>{"/first", plugins, "/last"});
}
