// These tests read spike times from text, arrays and cells. What is meant is said by the file or by the source: a unit
// of time is never guessed.
#include "data/spikes/spike_trains.hpp"
#include "catch.hpp"
#include "fixtures.hpp"
#include "npy_text.hpp"
#include "refusal.hpp"

#include <fstream>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

using Trains = std::vector<std::vector<double>>;
using Names = std::vector<std::string>;

struct SpikeFolder : TemporaryFolder {
  std::string write(const std::string &name, const std::string &text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

SpikeSource source_of(const std::string &file, const std::string &unit, const std::string &layout = "",
                      const std::string &key = "") {
  SpikeSource source;
  source.file = file;
  source.unit = unit;
  source.layout = layout;
  source.key = key;
  return source;
}

SpikeTrains only(const SpikeSource &source, std::vector<std::string> *notes = nullptr) {
  std::vector<std::string> ignored;
  auto all = read_spike_trains(source, notes == nullptr ? ignored : *notes);
  REQUIRE(all.size() == 1);
  return all.front();
}

std::string told(const SpikeSource &source) {
  return refusal(source.file, [&] { only(source); });
}

} // namespace

TEST_CASE("a text has a train on each line", "[data][spikes]") {
  const SpikeFolder folder;
  const auto file = folder.write("trains.txt", "# three units\n0.25 0.125 1\n\n0.5\n\n");
  std::vector<std::string> notes;
  const auto trains = only(source_of(file, "s"), &notes);
  CHECK(trains.units == Names{"1", "2", "3"});
  CHECK(trains.times_ms == Trains{{125, 250, 1000}, {}, {500}}); // sorted; a blank line within is a silent unit
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("1 blank line is a unit without a spike"));
  CHECK(only(source_of(file, "ms")).times_ms[0] == std::vector<double>{0.125, 0.25, 1});
  CHECK(only(source_of(file, "us")).times_ms[2] == std::vector<double>{0.0005});
  CHECK_THAT(told(source_of(file, "")), ContainsSubstring("the unit of its spike times is not said"));
  CHECK_THAT(told(source_of(file, "samples")), ContainsSubstring("give their \"rate\" in Hz"));
  // Rows that a table pads to one length.
  CHECK(only(source_of(folder.write("padded.csv", "1,2,3\n4,,\n5,6,NA\n"), "ms")).times_ms ==
        Trains{{1, 2, 3}, {4}, {5, 6}});
  CHECK_THAT(told(source_of(folder.write("hole.csv", "1,,3\n4,5,6\n"), "ms")),
             ContainsSubstring("line 1: '' is no time"));
  CHECK_THAT(told(source_of(folder.write("word.txt", "1 2 3\n4 five\n"), "ms")),
             ContainsSubstring("line 2 holds words"));
}

TEST_CASE("a text has rows of unit and time", "[data][spikes]") {
  const SpikeFolder folder;
  const Trains planted{{1000, 3000}, {2500}};
  std::vector<std::string> notes;
  const auto named = folder.write("named.csv", "time_s,unit\n3,4\n2.5,7\n1,4\n"); // the name says the unit of time
  const auto trains = only(source_of(named, ""), &notes);
  CHECK(trains.units == Names{"4", "7"});
  CHECK(trains.times_ms == planted);
  CHECK_THAT(told(source_of(named, "ms")), ContainsSubstring("its times are in s, and \"unit\" says ms"));
  CHECK(only(source_of(folder.write("plain.txt", "unit time\n4 1\n4 3\n7 2.5\n"), "s")).times_ms == planted);
  CHECK(only(source_of(folder.write("saved.txt", "# time_ms unit\n1000 4\n3000 4\n2500 7\n"), "")).times_ms == planted);
  CHECK(only(source_of(folder.write("more.csv", "time,unit,amplitude\n1,4,0.1\n3,4,0.2\n2.5,7,0.3\n"), "s", "",
                       "unit,time"))
            .times_ms == planted);
  notes.clear();
  CHECK(only(source_of(folder.write("bare.txt", "4 1\n4 3\n7 2.5\n"), "s"), &notes).times_ms == planted);
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("two columns are taken as unit and time"));
  CHECK_THAT(told(source_of(folder.write("turned.txt", "1.5 4\n3 4\n2.5 7\n"), "s")),
             ContainsSubstring("the first is no unit, which is a whole number"));
  CHECK(only(source_of((folder.path / "turned.txt").string(), "s", "rows")).units.size() == 3);
  CHECK_THAT(told(source_of((folder.path / "turned.txt").string(), "s", "pairs")),
             ContainsSubstring("the unit of spike 1 is no whole number"));
}

TEST_CASE("one number on each line is a train or several, as the source says", "[data][spikes]") {
  const SpikeFolder folder;
  const auto file = folder.write("one.txt", "1\n2\n3.5\n");
  CHECK_THAT(told(source_of(file, "ms")), ContainsSubstring("say what that means"));
  CHECK(only(source_of(file, "ms", "column")).times_ms == Trains{{1, 2, 3.5}});
  CHECK(only(source_of(file, "ms", "rows")).times_ms == Trains{{1}, {2}, {3.5}});
  CHECK(only(source_of(folder.write("named.txt", "time_ms\n1\n2\n3.5\n"), "")).times_ms == Trains{{1, 2, 3.5}});
}

TEST_CASE("NumPy arrays hold times and the unit of each, or rows", "[data][spikes]") {
  const SpikeFolder folder;
  SpikeSource source =
      source_of(folder.write("times.npy", npy_text<std::int64_t>("<i8", {4}, {30, 60, 3000, 90})), "samples");
  source.rate_hz = 30000;
  CHECK(only(source).times_ms == Trains{{1, 2, 3, 100}});
  source.clusters_file = folder.write("clusters.npy", npy_text<std::int32_t>("<i4", {4}, {5, -1, 5, 3}));
  const auto trains = only(source);
  CHECK(trains.units == Names{"-1", "3", "5"}); // in the order of their numbers
  CHECK(trains.times_ms == Trains{{2}, {3}, {1, 100}});
  source.clusters_file = folder.write("short.npy", npy_text<std::int32_t>("<i4", {3}, {5, 1, 5}));
  CHECK_THAT(told(source), ContainsSubstring("4 spike times, and the units of 3"));
  source.unit = "s";
  source.clusters_file = "";
  CHECK_THAT(told(source), ContainsSubstring("\"rate\" is of times in samples"));

  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto matrix = folder.write("rows.npy", npy_text<double>("<f8", {2, 3}, {1, 2, 3, 4, nan, nan}));
  CHECK(only(source_of(matrix, "ms", "rows")).times_ms == Trains{{1, 2, 3}, {4}});
  CHECK_THAT(told(source_of(matrix, "ms")), ContainsSubstring("is 2 x 3; say what that means"));
  const auto pairs = folder.write("pairs.npy", npy_text<double>("<f8", {3, 2}, {0, 1.5, 2, 2.5, 0, 0.5}));
  CHECK(only(source_of(pairs, "s")).times_ms == Trains{{500, 1500}, {2500}});
  const auto hole = folder.write("hole.npy", npy_text<double>("<f8", {1, 3}, {1, nan, 3}));
  CHECK_THAT(told(source_of(hole, "ms", "rows")), ContainsSubstring("spike 2 of unit 1 has no finite time"));
  const auto cube = folder.write("cube.npy", npy_text<double>("<f8", {2, 2, 2}, std::vector<double>(8)));
  CHECK_THAT(told(source_of(cube, "ms")), ContainsSubstring("is 2 x 2 x 2"));
}

TEST_CASE("MATLAB cells and fields hold a train each", "[data][spikes]") {
  const auto ragged = only(source_of(fixture("python73.mat"), "s", "", "ragged"));
  CHECK(ragged.times_ms == Trains{{1500, 2500}, {}, {4000}});
  const auto file = fixture(GENERATE("version5.mat", "version73.mat"));
  const auto odd = only(source_of(file, "ms", "", "Models.odd")); // zeros, 1, 2 and 3 of them
  CHECK(odd.times_ms == Trains{{0}, {0, 0}, {0, 0, 0}});
  CHECK_THAT(told(source_of(file, "ms", "", "Models.RDM")), ContainsSubstring("element 1 is a matrix"));
  CHECK_THAT(told(source_of(file, "ms", "", "cells")), ContainsSubstring("char array, not numbers"));
}

TEST_CASE("spike times of recordings are read from MATLAB and text", "[data][spikes][recorded]") {
  const auto retina = recorded("kramer-eden/08_spikes-1.mat"),
             grasshopper = recorded("grasshopper/grasshopper_spike_times1.txt"),
             songbird = recorded("songbird-auditory/spike1");
  if (!is_here(retina)) return;
  CHECK_THAT(told(source_of(retina, "s")), ContainsSubstring("holds several variables"));
  const auto low = only(source_of(retina, "s", "", "SpikesLow")).times_ms.at(0); // its README: 750, ISI mean 39.9884 ms
  REQUIRE(low.size() == 750);
  CHECK((low.back() - low.front()) / 749 == Approx(39.9884).margin(5e-5));
  CHECK_THAT(told(source_of(grasshopper, "us")), ContainsSubstring("has one number on each line"));
  const auto receptor = only(source_of(grasshopper, "us", "column")).times_ms.at(0); // 929, ISI mean 10.7679 ms
  REQUIRE(receptor.size() == 929);
  CHECK((receptor.back() - receptor.front()) / 928 == Approx(10.7679).margin(5e-5));
  const auto trials = only(source_of(songbird, "ms")); // 10 trials, a line each
  CHECK(trials.units.size() == 10);
  CHECK(trials.times_ms.at(0).at(0) == 11.093);
}
