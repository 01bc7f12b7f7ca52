// A method is one file with one entry: that of tests/entries/recordings/methods/spread.cpp is not engram's. The schema,
// the checks of a file and of the command line, and the comparison take it from its entry.
#include "catch.hpp"
#include "fixtures.hpp"
#include "input/diagnose.hpp"
#include "input/input_error.hpp"
#include "recordings/config_methods.hpp"
#include "recordings/method_entry.hpp"

#include <cmath>
#include <fstream>
#include <set>

namespace engram::recordings {
MethodEntry spread_method();
}

using namespace engram;
using recordings::Area;
using recordings::MethodEntries;
using recordings::Settings;
using recordings::spread_method;

namespace {

const MethodEntries &with_spread() {
  static const auto all = [] {
    auto entries = recordings::method_entries();
    entries.push_back(spread_method());
    return entries;
  }();
  return all;
}

// Two neurons, whose mean responses to three conditions have the ranges 3 and 2; times `scale`.
Area spread_area(const std::string &name, double scale) {
  Area area;
  area.name = name;
  area.conditions = {"a", "b", "c"};
  area.condition_count = 3;
  recordings::Responses responses;
  responses.conditions = area.conditions;
  responses.neurons = {"1", "2"};
  arma::cube values(3, 2, 1);
  values.slice(0) = scale * arma::mat{{0, 2}, {1, 2}, {3, 4}};
  responses.values = {values};
  area.responses = responses;
  return area;
}

std::vector<recordings::Result> results_of(const std::string &method, const std::vector<Area> &circuits,
                                           const std::vector<Area> &recordings) {
  recordings::Config config;
  config.methods = {recordings::method_of(method, with_spread())};
  return recordings::compare(config, circuits, recordings, {}, {}, with_spread()).results;
}

// What is wrong with a comparison file that asks for this method, which stands in line 2.
std::string refusal_of_method(const std::string &method, const MethodEntries &entries = with_spread()) {
  const data::testing::TemporaryFolder folder;
  const auto path = (folder.path / "C.json").string();
  std::ofstream(path) << "{ \"circuits\": [ { \"file\": \"a.npy\" } ], \"methods\": [\n" << method << " ] }";
  try {
    recordings::load_config(path, entries);
    return "";
  } catch (const input::InputError &error) {
    return error.what();
  }
}

std::string refusal_of_word(const std::string &word) {
  try {
    recordings::method_of(word, with_spread());
    return "";
  } catch (const input::InputError &error) {
    return error.what();
  }
}

} // namespace

TEST_CASE("the schema describes a method by the words of its entry", "[recordings][own]") {
  const auto schema = recordings::config_schema(with_spread());
  CHECK_THAT(schema.dump(), ContainsSubstring("spread: how far the mean responses of a neuron lie apart: the mean"));
  CHECK_THAT(schema.dump(), ContainsSubstring("to which a range is raised"));
  CHECK(recordings::config_schema().dump().find("spread") == std::string::npos);
  const auto with = [](const input::Json &method) {
    return input::Json{{"circuits", {{{"file", "a.npy"}}}}, {"methods", {method}}};
  };
  CHECK(input::validate(schema, with("spread")) == "");
  CHECK(input::validate(schema, with({{"type", "spread"}, {"of", "range"}, {"power", 2}})) == "");
  CHECK(input::validate(schema, with({{"type", "spread"}, {"power", 0}})) != "");
  CHECK(input::validate(schema, with({{"type", "spread"}, {"folds", 3}})) != "");
  CHECK(input::validate(recordings::config_schema(), with("spread")) != "");
}

TEST_CASE("the help lists a method by the words of its entry", "[recordings][own]") {
  const auto help = recordings::methods_help(with_spread());
  CHECK_THAT(help, ContainsSubstring("\n  spread           how far the mean responses of a neuron lie apart: the mean "
                                     "(written for the tests)\n"));
  CHECK_THAT(help, ContainsSubstring("\n  spread:OF:POWER\n"));
  CHECK(recordings::applies_to(spread_method()) == "describes one side, compares two; takes responses by condition");
}

TEST_CASE("a method of a comparison file is checked by the words of its entry", "[recordings][own]") {
  CHECK(refusal_of_method(R"("spread")").empty());
  CHECK(refusal_of_method(R"({ "type": "spread", "power": 2 })").empty());
  CHECK_THAT(refusal_of_method(R"("spraed")"), ContainsSubstring("C.json:2: /methods/0: unknown name 'spraed'; did you "
                                                                 "mean 'spread'?"));
  CHECK_THAT(refusal_of_method(R"({ "type": "spread", "powr": 2 })"),
             ContainsSubstring("C.json:2: /methods/0/powr: unknown key 'powr'; did you mean 'power'?"));
  CHECK_THAT(refusal_of_method(R"({ "type": "spread", "power": 0 })"),
             ContainsSubstring("C.json:2: /methods/0/power: must be above 0, not 0"));
  CHECK_THAT(refusal_of_method(R"({ "type": "spread", "of": "rnage" })"),
             ContainsSubstring("C.json:2: /methods/0/of: unknown name 'rnage'; did you mean 'range'?"));
  CHECK_THAT(refusal_of_method(R"({ "type": "spread", "of": "deviation", "power": 2 })"),
             ContainsSubstring("C.json:2: /methods/0/power: is of a range"));
  // What another method takes is refused.
  CHECK_THAT(refusal_of_method(R"({ "type": "spread", "folds": 3 })"),
             ContainsSubstring("C.json:2: /methods/0/folds: unknown key 'folds'; known: of, power"));
  CHECK_THAT(refusal_of_method(R"({ "type": "ridge", "power": 2 })"),
             ContainsSubstring("/methods/0/power: unknown key 'power'; known: folds, by_time"));
  CHECK_THAT(refusal_of_method(R"("spread")", recordings::method_entries()), ContainsSubstring("unknown name"));
}

TEST_CASE("a method that needs a setting is refused without it, by its name alone too", "[recordings][own]") {
  auto entries = with_spread();
  entries.back().check = [](const Settings &settings) -> std::vector<recordings::Conflict> {
    if (!settings.given("power")) return {{"power", "must be given"}};
    return {};
  };
  CHECK_THAT(refusal_of_method(R"("spread")", entries), ContainsSubstring("C.json:2: /methods/0/power: must be given"));
  CHECK_THAT(refusal_of_method(R"({ "type": "spread" })", entries),
             ContainsSubstring("/methods/0/power: must be given"));
  CHECK(refusal_of_method(R"({ "type": "spread", "power": 2 })", entries).empty());
}

TEST_CASE("a word of the command line is checked by the words of the method's entry", "[recordings][own]") {
  const auto method = recordings::method_of("spread:range:2", with_spread());
  CHECK(method.type == "spread");
  CHECK(method.settings == std::map<std::string, recordings::Value>{{"of", "range"}, {"power", 2.0}});
  CHECK(recordings::method_of("spread:power=2:range", with_spread()).settings == method.settings);
  CHECK(recordings::method_of("spread", with_spread()).settings.empty());
  CHECK_THAT(refusal_of_word("spraed"), ContainsSubstring("did you mean 'spread'?"));
  CHECK_THAT(refusal_of_word("spread:rnage"), ContainsSubstring("of: unknown name 'rnage'; did you mean 'range'?"));
  CHECK_THAT(refusal_of_word("spread:powr=2"), ContainsSubstring("unknown setting 'powr'; did you mean 'power'?"));
  CHECK_THAT(refusal_of_word("spread:range:wide"), ContainsSubstring("power: expected a number, not the text 'wide'"));
  CHECK_THAT(refusal_of_word("spread:range:0"), ContainsSubstring("power: must be above 0, not 0"));
  CHECK_THAT(refusal_of_word("spread:range:2:2"), ContainsSubstring("the settings are spread:OF:POWER"));
  CHECK_THAT(refusal_of_word("spread:range:of=range"), ContainsSubstring("of: is given twice"));
  CHECK_THAT(refusal_of_word("spread:deviation:2"), ContainsSubstring("power: is of a range"));
}

TEST_CASE("a number is text where a method of the command line takes text", "[recordings][own]") {
  CHECK(std::get<std::string>(recordings::method_of("pictures:lags=2").settings.at("lags")) == "2");
  CHECK(std::get<double>(recordings::method_of("track:bin=5").settings.at("bin")) == 5);
  CHECK_THROWS_WITH(recordings::method_of("track:history=1"), ContainsSubstring("two or more whole numbers"));
  CHECK_THROWS_AS(recordings::method_of("rsa:rdm=1"), input::InputError);
}

TEST_CASE("a method describes and compares by its entry", "[recordings][own]") {
  const Area region = spread_area("V1", 1), area = spread_area("V2", 2);
  const auto alone = results_of("spread:power=2", {region}, {});
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].method == "spread");
  CHECK(alone[0].region == "V1");
  CHECK(alone[0].area.empty());
  CHECK(alone[0].conditions == 3);
  CHECK(alone[0].value == Approx((9 + 4) / 2.0));
  // Asked for by name, it describes both sides, and compares them.
  const auto both = results_of("spread", {region}, {area});
  REQUIRE(both.size() == 3);
  CHECK(both[0].value == Approx(2.5));
  CHECK(both[1].area == "V2");
  CHECK(both[1].value == Approx(5));
  CHECK(both[2].method == "spread.octaves");
  CHECK(both[2].value == Approx(1));
  // The deviations of 0, 1, 3 and of 2, 2, 4 from their means 4/3 and 8/3.
  const double deviations = (std::sqrt(14.0 / 9) + std::sqrt(8.0 / 9)) / 2;
  CHECK(results_of("spread:deviation", {region}, {})[0].value == Approx(deviations));
  // Asked for by nobody, it is among those that apply.
  std::set<std::string> applied;
  for (const auto &result : recordings::compare({}, {region}, {}, {}, {}, with_spread()).results)
    applied.insert(result.method);
  CHECK(applied.contains("spread"));
}

TEST_CASE("a comparison says which part it is at, and what parts gave is there when it stops", "[recordings][own]") {
  recordings::Config config;
  config.methods = {{"spread", {}}};
  std::vector<std::string> steps;
  recordings::Growing growing;
  recordings::Progress progress;
  progress.say = [&](const recordings::Step &step) {
    if (step.within > 0) return;
    steps.push_back(step.method + " " + std::to_string(step.done) + " of " + std::to_string(step.parts));
    CHECK(growing.found.results.size() == step.done); // each part gives one
  };
  progress.go_on = [&] { return steps.size() < 2; };
  const std::vector<Area> areas{spread_area("V1", 1), spread_area("V2", 1), spread_area("V4", 1)};
  recordings::compare(config, areas, {}, {}, progress, growing, with_spread());
  CHECK(steps == std::vector<std::string>{"spread 0 of 3", "spread 1 of 3"});
  REQUIRE(growing.found.results.size() == 2);
  CHECK(growing.found.results[1].region == "V2");
}

TEST_CASE("a setting that the method does not have is a fault of the calling code", "[recordings][own]") {
  recordings::Config config;
  config.methods = {{"spread", {{"folds", 3.0}}}};
  CHECK_THROWS_AS(recordings::compare(config, {spread_area("V1", 1)}, {}, {}, {}, with_spread()),
                  std::invalid_argument);
}

TEST_CASE("every method has a name of its own, a function, and parameters whose initial values fit",
          "[recordings][own]") {
  std::set<std::string> names;
  for (const auto &entry : recordings::method_entries()) {
    INFO(entry.words.name);
    CHECK(names.insert(entry.words.name).second);
    CHECK_FALSE(entry.words.help.empty());
    CHECK((entry.describe || entry.compare || entry.compare_populations));
    CHECK_FALSE((entry.compare && entry.compare_populations));
    std::set<std::string> parameters;
    for (const auto &parameter : entry.words.parameters) {
      INFO(parameter.name);
      CHECK(parameters.insert(parameter.name).second);
      CHECK_FALSE(parameter.help.empty());
      const auto schema = recordings::schema_of(parameter);
      if (schema.contains("default")) CHECK(input::validate(schema, schema.at("default")) == "");
    }
    // The name alone is what a file may hold, and so is an object without settings, but for those that need some.
    if (entry.by_name && entry.check) continue;
    CHECK(refusal_of_method('"' + entry.words.name + '"', recordings::method_entries()).empty());
    CHECK(refusal_of_method(R"({ "type": ")" + entry.words.name + "\" }", recordings::method_entries()).empty());
  }
  CHECK(names.size() >= 18);
}
