// An assembly of netCDF-4, as xarray and Brain-Score write it (tests/data/fixtures/make_foreign.py): rates[n, p, t] =
// (100 n + 10 p + t) / 2 of 4 neuroids, 5 presentations of 3 pictures, 2 time bins.
#include "catch.hpp"
#include "data/array.hpp"
#include "data/assembly.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"

#include <cmath>
#include <fstream>

using namespace engram;
using data::testing::fixture;
using Names = std::vector<std::string>;

namespace {

std::string refused_assembly(const recordings::Source &source) {
  try {
    std::vector<std::string> notes;
    recordings::gather(source, notes);
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("an assembly is cut into areas, conditions and repeats by what lies along its axes", "[recordings]") {
  recordings::Source source;
  source.file = fixture("assembly.nc");
  source.areas = "region";
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  REQUIRE(areas.size() == 2);
  CHECK(areas[0].name == "V4");
  CHECK(areas[1].name == "IT");
  CHECK(areas[0].conditions == Names{"cat", "dog", "tree"});
  CHECK(areas[0].column == "stimulus_id");
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("conditions are the values of 'stimulus_id'"));
  const auto &it = *areas[1].responses;
  CHECK(it.neurons == Names{"b-1", "b-2"});
  CHECK(it.times == std::vector<double>{85, 135});
  CHECK(it.unit == "Hz");
  REQUIRE(it.values.size() == 2);
  // Presentations 0 and 2 show the cat, 1 and 4 the dog, 3 the tree. b-1 is neuroid 2.
  CHECK(it.values[0](0, 0, 0) == 100);
  CHECK(it.values[1](0, 0, 1) == 110.5);
  CHECK(it.values[0](1, 1, 1) == 170);
  CHECK(std::isnan(it.values[0](1, 0, 1))); // the file has its fill value
  CHECK(std::isnan(it.values[0](2, 0, 1))); // the tree was shown once
  source.areas = "";
  source.unit_column = "region";
  source.unit_is = "V4";
  CHECK(recordings::gather(source, notes).at(0).name == "rates");
  CHECK(recordings::gather(source, notes).at(0).responses->neurons == Names{"a-1", "a-2"});
}

TEST_CASE("what an assembly does not have is answered with what it has", "[recordings]") {
  recordings::Source source;
  source.file = fixture("assembly.nc");
  source.areas = "regoin";
  CHECK_THAT(refused_assembly(source), ContainsSubstring("did you mean 'region'?"));
  source.areas = "";
  source.condition = "trail";
  CHECK_THAT(refused_assembly(source), ContainsSubstring("did you mean 'trial'?"));
  source.condition = "trial"; // numbers have names too
  std::vector<std::string> notes;
  CHECK(recordings::gather(source, notes).at(0).conditions == Names{"0", "1"});
  source.key = "rate";
  CHECK_THAT(refused_assembly(source), ContainsSubstring("did you mean 'rates'?"));
  source.key = "";
  source.axes = {"neuron", "condition"};
  CHECK_THAT(refused_assembly(source), ContainsSubstring("has 3 axes, not the 2 that are named"));
  source.axes = {"condition", "neuron", "time"}; // said otherwise than the file's names: as it is said
  source.condition = "neuroid_id";
  CHECK(recordings::gather(source, notes).at(0).condition_count == 4);
}

TEST_CASE("what means nothing for an assembly or a report is refused", "[recordings]") {
  const data::testing::TemporaryFolder folder;
  const auto config = (folder.path / "C.json").string();
  const auto told = [&](const std::string &file, const std::string &key) {
    std::ofstream(config) << R"({"circuits": [{"file": ")" << fixture(file) << "\", " << key << "}]}";
    return refused_assembly(recordings::load_config(config).circuits.at(0));
  };
  CHECK_THAT(told("assembly.nc", R"("window": [0, 50])"), ContainsSubstring("/circuits/0/window"));
  CHECK_THAT(told("assembly.nc", R"("threshold": 1)"), ContainsSubstring("is not for an assembly"));
  CHECK_THAT(told("sonata.h5", R"("threshold": 1, "window": [0, 50])"),
             ContainsSubstring("is not for a report of SONATA"));
  CHECK(told("assembly.nc", R"("areas": "region")").empty());
}
