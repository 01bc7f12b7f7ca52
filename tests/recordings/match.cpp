// These tests check how the conditions of two sides are matched, and how arrays become responses.
#include "catch.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"
#include "recordings/gather.hpp"

#include <cmath>
#include <fstream>
#include <limits>

using namespace engram;
using namespace engram::recordings;

namespace {

// Neuron n responds to condition `name` with the name's length plus n.
Area area(const std::string &name, const std::vector<std::string> &conditions, bool named = true) {
  Area out;
  out.name = name;
  out.condition_count = conditions.size();
  if (named) out.conditions = conditions;
  Responses responses;
  responses.conditions = conditions;
  responses.neurons = {"a", "b"};
  responses.values.emplace_back(conditions.size(), 2, 1);
  for (std::size_t c = 0; c < conditions.size(); ++c)
    for (std::size_t n = 0; n < 2; ++n) responses.values[0](c, n, 0) = static_cast<double>(conditions[c].size() + n);
  out.responses = responses;
  return out;
}

} // namespace

TEST_CASE("conditions are matched by name, whatever their order", "[recordings]") {
  const auto one = area("V1", {"house", "cat", "aeroplane"}), other = area("IT", {"aeroplane", "house", "dog"});
  const auto matching = match({&one, &other});
  CHECK(matching.conditions == std::vector<std::string>{"house", "aeroplane"});
  CHECK_THAT(matching.note, ContainsSubstring("2 conditions are common"));
  const auto a = pick(one, matching.which[0], matching.conditions),
             b = pick(other, matching.which[1], matching.conditions);
  CHECK(arma::approx_equal(a.responses->values[0], b.responses->values[0], "absdiff", 0));
  CHECK(a.responses->values[0](1, 1, 0) == 10); // "aeroplane" has nine letters
}

TEST_CASE("conditions without names are matched by order, and that is said", "[recordings]") {
  const auto one = area("V1", {"a", "b", "c"}), other = area("IT", {"c", "b", "a"}, false),
             third = area("x", {"p", "q"});
  CHECK_THAT(match({&one, &other}).note, ContainsSubstring("by their order"));
  CHECK(match({&one, &other}).which[1] == std::vector<std::size_t>{0, 1, 2});
  CHECK_THROWS_AS(match({&other, &third}), input::InputError);
}

TEST_CASE("names that have nothing in common are not matched", "[recordings]") {
  const auto one = area("V1", {"a", "b", "c"}), other = area("IT", {"1", "2", "3"});
  CHECK_THROWS_WITH(match({&one, &other}), ContainsSubstring("no condition in common, as 'a' and '1'"));
  const auto grey = area("V2", {"c", "x", "y"}); // 'c' would stand beside 'a'
  CHECK_THROWS_WITH(match({&one, &grey}), ContainsSubstring("'c' is the only condition that V1"));
  const auto ab = area("A", {"a", "b", "x", "y"}), bc = area("B", {"x", "y", "p", "q"}),
             ca = area("C", {"p", "q", "a", "b"});
  CHECK_THROWS_WITH(match({&ab, &bc, &ca}), ContainsSubstring("no condition is common to all"));
}

TEST_CASE("numbers of unlike columns are not matched unless both were asked for", "[recordings]") {
  auto run = area("units", {"0", "1", "2"}), recording = area("V1", {"1", "0", "2", "3"});
  run.column = "trial";
  run.column_assumed = true;
  recording.column = "digit";
  CHECK_THROWS_WITH(match({&run, &recording}), ContainsSubstring("(column 'trial')"));
  CHECK_THROWS_WITH(match({&recording, &run}), ContainsSubstring("numbers of unlike columns"));
  run.column_assumed = false; // both were asked for
  CHECK(match({&run, &recording}).which[1] == std::vector<std::size_t>{1, 0, 2});
  run.column_assumed = recording.column_assumed = true;
  recording.column = "trial"; // the same column
  CHECK(match({&run, &recording}).conditions.size() == 3);
  recording.column = ""; // names that were given
  CHECK(match({&run, &recording}).conditions.size() == 3);
  // Words say what they mean.
  auto cats = area("A", {"cat", "dog", "1"}), dogs = area("B", {"dog", "cat"});
  cats.column = "label_name";
  dogs.column = "stimulus";
  cats.column_assumed = dogs.column_assumed = true;
  CHECK(match({&cats, &dogs}).conditions == std::vector<std::string>{"cat", "dog"});
}

TEST_CASE("conditions that do not fit are refused at their line of the comparison file", "[recordings]") {
  const data::testing::TemporaryFolder folder;
  std::ofstream(folder.path / "a.csv") << "1,2\n3,4\n5,6\n";
  std::ofstream(folder.path / "c.json") << R"({ "circuits": [ { "file": "a.csv", "conditions": ["a", "b", "c"] } ],
  "recordings": [
    { "file": "a.csv",
      "conditions": ["x", "y", "z"] } ] })";
  const auto config = load_config((folder.path / "c.json").string());
  std::vector<std::string> notes;
  const auto one = gather(config.circuits[0], notes), other = gather(config.recordings[0], notes);
  CHECK_THROWS_WITH(match({&one[0], &other[0]}), ContainsSubstring("c.json:4: /recordings/0/conditions: a of ") &&
                                                     ContainsSubstring("no condition"));
  auto unnamed = config.recordings[0];
  unnamed.conditions = {};
  std::ofstream(folder.path / "b.csv") << "1,2\n3,4\n";
  unnamed.file = (folder.path / "b.csv").string();
  const auto fewer = gather(unnamed, notes);
  CHECK_THROWS_WITH(match({&one[0], &fewer[0]}),
                    ContainsSubstring("c.json:4: /recordings/0/conditions: ") && ContainsSubstring("has 3 conditions"));
}

TEST_CASE("what the axes of an array were taken for is told with their sizes", "[recordings]") {
  const data::testing::TemporaryFolder folder;
  std::ofstream(folder.path / "a.csv") << "1,2\n3,4\n5,6\n";
  Source source;
  source.file = (folder.path / "a.csv").string();
  std::vector<std::string> notes;
  gather(source, notes);
  CHECK(notes == std::vector<std::string>{"a: axes are taken as 3 conditions x 2 neurons"});
}

TEST_CASE("repeats that are missing are left out of means", "[recordings]") {
  arma::cube repeats(2, 1, 3);
  repeats.fill(std::numeric_limits<double>::quiet_NaN());
  repeats(0, 0, 0) = 1;
  repeats(0, 0, 2) = 3;
  repeats(1, 0, 1) = 5;
  const arma::mat mean = over_repeats(repeats);
  CHECK(mean(0, 0) == 2);
  CHECK(mean(1, 0) == 5);
}
