// These tests check that nothing counts that was not observed: intervals of units, and the extent of a recording.
#include "recordings/observed.hpp"
#include "data/describe_file.hpp"
#include "input/input_error.hpp"
#include "recordings/results.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"
#include "report/comparison_figures.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>

using data::testing::recorded;
using recordings::testing::value_of;

namespace {

std::vector<std::string> facts_of_units(const std::string &file) {
  for (const auto &node : data::describe_file(file).children)
    if (node.name == "units") return node.facts;
  return {};
}

} // namespace

TEST_CASE("rates and intervals are of the time in which a unit was observed", "[recordings]") {
  const File file;
  // Every 50 ms of [0, 1) s and of [9, 10) s; a unit that was watched throughout; one that never was.
  Spikes spikes(3);
  for (const double start : {0.0, 9.0}) add_spikes(spikes[0], start, 1, 20);
  add_spikes(spikes[1], 0, 10, 100);
  PlantedNwb(file.path()).units(spikes, {{{0, 1}, {9, 10}}, {{0, 10}}, {{3, 3}}});
  const auto found = gathered(file.path());
  REQUIRE(found.areas.size() == 1);
  const auto &area = found.areas[0];
  CHECK(recordings::observation_of(area, 0).size() == 2);
  CHECK(recordings::observation_of(area, 2).empty());
  CHECK(area.observed.stop == 10000);
  const auto spikes_of = compared({}, {area}, {"spikes"});
  CHECK(value_of(spikes_of, "spikes.rate_hz") == Approx((20 + 10) / 2.0)); // the median of two units
  CHECK(value_of(spikes_of, "spikes.isi_ms") == Approx((50 + 100) / 2.0));
  CHECK(value_of(spikes_of, "spikes.cv") == Approx(0).margin(1e-9)); // and not that of a gap of 8 s
  CHECK(value_of(spikes_of, "spikes.fano_100ms") == Approx(0).margin(1e-9));
  // Pairs are compared while both were watched. In 2 s unit 0 has 40 spikes and unit 1 has 20, 25 ms from the nearest:
  // at 0.1 a ms it costs as much to add 40 and to delete 20.
  const auto distances = compared({}, {area}, {"distances:victor_purpura", "synchrony"});
  CHECK(value_of(distances, "distances.victor_purpura") == Approx(60));
  CHECK(value_of(distances, "synchrony.spike_synchronization") == 0);
  CHECK(std::any_of(distances.notes.begin(), distances.notes.end(), [](const auto &note) {
    return note.find("2 of 3 pairs of units were never observed at one time") != std::string::npos;
  }));
}

TEST_CASE("a unit that was observed for no time has no spikes, and one of which nothing is known no rate",
          "[recordings]") {
  const File file;
  PlantedNwb(file.path("never")).units({{0.5}, {0.5, 0.7}}, {{{3, 3}}, {{0, 1}}});
  const auto never = gathered(file.path("never"));
  CHECK(never.areas.at(0).trains == std::vector<measures::SpikeTrain>{{}, {500, 700}});
  CHECK(never.says("outside of what was observed are left out: unit 0, at 500 ms"));
  CHECK(value_of(compared({}, never.areas, {"spikes"}), "spikes.rate_hz") == Approx(2));
  PlantedNwb(file.path("unknown")).units({{-0.5}});
  const auto unknown = gathered(file.path("unknown"));
  CHECK(unknown.says("nothing says when they were observed"));
  const auto found = compared({}, unknown.areas, {"spikes"});
  CHECK(std::isnan(value_of(found, "spikes.rate_hz")));
  CHECK_NOTHROW(report::comparison_figures(found)); // nothing to draw
}

TEST_CASE("pairs of units that were never observed together do not tile", "[recordings]") {
  recordings::Area area;
  area.name = "units";
  area.units = {"a", "b", "never"};
  area.trains = {{10, 30, 60, 110, 120}, {11, 31, 61, 111, 121}, {}};
  area.observed = {0, 200};
  const auto both = std::make_shared<const measures::Observation>(measures::Observation{{0, 100}, {100, 200}});
  area.watched = {both, both, std::make_shared<const measures::Observation>()};
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {recordings::method_of("tiling:2")};
  const auto found = recordings::compare(config, {area}, {}, {}, {});
  CHECK(value_of(found, "tiling") == Approx(1)); // each spike has a partner within 2 ms: (1 - T) / (1 - T)
}

TEST_CASE("trials in which a unit was not observed are missing, and no silence", "[recordings]") {
  const File file;
  constexpr std::size_t trials = 20;
  // 10 spikes in condition 0, 4 in condition 1, without noise. Unit 0 was watched in the first half alone.
  Spikes spikes(2);
  for (std::size_t k = 0; k < trials; ++k)
    for (std::size_t u = 0; u < 2; ++u)
      if (u == 1 || k < trials / 2) add_spikes(spikes[u], static_cast<double>(k), 1, k % 2 == 0 ? 10 : 4);
  {
    PlantedNwb nwb(file.path());
    nwb.units(spikes, {{{0, 10}}, {{0, 20}}});
    nwb.trials(seconds(trials), {{"stimulus", by_turns(trials, 2)}});
  }
  const auto found = gathered(file.path());
  const auto &area = found.areas.at(0);
  const auto &values = area.responses->values.at(0);
  REQUIRE(values.n_slices == 10);
  for (arma::uword r = 0; r < 10; ++r)
    for (arma::uword c = 0; c < 2; ++c) {
      CHECK(values(c, 1, r) == (c == 0 ? 10 : 4));
      if (r < 5)
        CHECK(values(c, 0, r) == (c == 0 ? 10 : 4));
      else
        CHECK(std::isnan(values(c, 0, r)));
    }
  CHECK(found.says("what was not observed of an event is missing; of 20 events: unit 0, 10"));
  CHECK(value_of(compared({}, {area}, {"explainable"}), "explainable") == Approx(1)); // 0.7 with trials of silence
}

TEST_CASE("that a unit was not observed tells no condition", "[recordings]") {
  const File file;
  constexpr std::size_t trials = 20;
  Spikes spikes(1);
  for (std::size_t k = 0; k < trials; k += 2)
    add_spikes(spikes[0], static_cast<double>(k), 1, 5 + static_cast<int>(k % 3));
  Intervals watched;
  for (std::size_t k = 0; k < trials; k += 2) watched.emplace_back(static_cast<double>(k), static_cast<double>(k) + 1);
  {
    PlantedNwb nwb(file.path());
    nwb.units(spikes, {watched});
    nwb.trials(seconds(trials), {{"stimulus", by_turns(trials, 2)}});
  }
  const auto found = gathered(file.path());
  CHECK(found.says("10 of 20 events are left out: nothing of units was observed in them; 1 of 2 conditions go with "
                   "them, as they have no other event: '1' is one"));
  CHECK(found.areas.at(0).conditions == std::vector<std::string>{"0"});
  CHECK_FALSE(has(compared({}, found.areas, {"decoding"}), "decoding"));
}

TEST_CASE("trials of a run that follow each other are independent", "[recordings]") {
  const File file;
  // Two trials of 100 ms, watched without a break; a spike at 100 ms is of the second.
  {
    PlantedNwb nwb(file.path("run"));
    nwb.units({{0.02, 0.09, 0.1, 0.11, 0.18}}, {{{0, 0.2}}});
    nwb.trials({{0, 0.1}, {0.1, 0.2}}, {{"trial", {7, 8}}, {"held_out", {0, 0}}});
  }
  const auto run = gathered(file.path("run"));
  const auto spikes = compared({}, run.areas, {"spikes"});
  CHECK(value_of(spikes, "spikes.isi_ms") == Approx((70 + 10 + 70) / 3.0));
  CHECK(value_of(spikes, "spikes.rate_hz") == Approx(25));
  CHECK(value_of(spikes, "spikes.cv2") == Approx(2 * 60.0 / 80)); // of the second trial
  CHECK(run.areas[0].responses->values[0](0, 0, 0) == Approx(20));
  CHECK(run.areas[0].responses->values[0](1, 0, 0) == Approx(30));
  // In a recording an animal lives on.
  {
    PlantedNwb nwb(file.path("recording"));
    nwb.units({{0.02, 0.09, 0.1, 0.11, 0.18}}, {{{0, 0.2}}});
    nwb.trials({{0, 0.1}, {0.1, 0.2}}, {{"stimulus", {7, 8}}});
  }
  CHECK(value_of(compared({}, gathered(file.path("recording")).areas, {"spikes"}), "spikes.isi_ms") == Approx(40));
  // What is beyond the end of a run's trial is of another trial, and missing.
  recordings::Source beyond;
  beyond.file = file.path("run");
  beyond.start = 50;
  beyond.stop = 150;
  beyond.bin = 50;
  const auto part = gathered(beyond);
  CHECK(part.areas[0].responses->values[0](0, 0, 0) == Approx(20)); // the spike at 90 ms
  CHECK(std::isnan(part.areas[0].responses->values[1](0, 0, 0)));
  CHECK(part.says("2 of 2 events end within 150 ms, and are missing beyond: rows 0, 1 (from 0)"));
  beyond.file = file.path("recording");
  CHECK(gathered(beyond).areas[0].responses->values[1](0, 0, 0) == Approx(40)); // spikes at 100 and 110 ms
}

TEST_CASE("a run that recorded a part of each trial is described by that part", "[recordings]") {
  const File file;
  // Of each trial of 200 ms the 10 ms from 50 ms on: one spike in each, two in the second.
  Intervals watched, trials;
  std::vector<double> spikes{0.055, 0.252, 0.257, 0.455, 0.655};
  for (int k = 0; k < 4; ++k) {
    watched.emplace_back(0.2 * k + 0.05, 0.2 * k + 0.06);
    trials.emplace_back(0.2 * k, 0.2 * (k + 1));
  }
  {
    PlantedNwb nwb(file.path());
    nwb.units({spikes}, {watched});
    nwb.trials(trials, {{"trial", {0, 1, 2, 3}}, {"held_out", {0, 0, 0, 0}}});
  }
  const auto found = gathered(file.path());
  CHECK(value_of(compared({}, found.areas, {"spikes"}), "spikes.rate_hz") == Approx(125)); // 5 in 40 ms
  const auto &responses = *found.areas[0].responses;
  REQUIRE(responses.times.size() == 1);
  CHECK(responses.times[0] == Approx(55));
  CHECK(responses.values[0](0, 0, 0) == Approx(100));
  CHECK(responses.values[0](1, 0, 0) == Approx(200));
  CHECK(found.says("of each event 50 to 60 ms are taken of units: most were observed in that part alone"));
}

TEST_CASE("without observation intervals the recording's extent is taken, and told", "[recordings]") {
  const File file;
  const Spikes two{{50, 50.01}};
  const auto rate_of = [&](const std::string &name, const std::string &told) {
    const auto found = gathered(file.path(name));
    CHECK(found.says(told));
    const double rate = value_of(compared({}, found.areas, {"spikes"}), "spikes.rate_hz");
    const auto facts = facts_of_units(file.path(name)); // of inspect, which says the same
    REQUIRE(facts.size() == 4);                         // units, spikes, rates, and from when to when
    CHECK(facts[2] == fmt::format("{:.4g} Hz", rate));
    CHECK_THAT(facts[3], ContainsSubstring(told.substr(told.find("the "))));
    return rate;
  };
  PlantedNwb(file.path("spikes")).units(two);
  CHECK(rate_of("spikes", "from 50000 to 50010 ms, the first and last spike of all units") == Approx(200));
  {
    PlantedNwb nwb(file.path("trials"));
    nwb.units(two);
    nwb.trials({{0, 10}, {90, 100}}, {{"stimulus", {0, 1}}});
  }
  CHECK(rate_of("trials", "from 0 to 100000 ms, the extent of spikes, trials") == Approx(0.02));
  {
    PlantedNwb nwb(file.path("series"));
    nwb.units(two);
    nwb.series("acquisition/lfp", "ElectricalSeries", "volts", arma::mat(80, 1), 20, 1);
    nwb.series("acquisition/wall-clock", "TimeSeries", "s", arma::mat(80, 1), 1.6e9, 1); // another clock
  }
  CHECK(rate_of("series", "from 20000 to 100000 ms, the extent of spikes, time series") == Approx(0.025));
  // A unit of which nothing is said among others.
  PlantedNwb(file.path("some")).units({{50, 50.01}, {1, 2}}, {{}, {{0, 100}}});
  const auto some = gathered(file.path("some"));
  CHECK(some.says("1 of 2 units have no observation intervals: taken as observed from 1000 to 50010 ms"));
}

TEST_CASE("a window is of events, and is refused where there are none", "[recordings]") {
  const File file;
  PlantedNwb(file.path()).units({{1, 2, 3}}, {{{0, 4}}});
  recordings::Source source;
  source.file = file.path();
  source.start = 0;
  source.stop = 100;
  CHECK_THROWS_WITH(gathered(source), ContainsSubstring("is of events, and the file has no table 'trials'"));
  source.start = source.stop = std::nullopt;
  source.bin = 10;
  CHECK_THROWS_AS(gathered(source), input::InputError);
  source.bin = std::nullopt;
  source.conditions.written = {"a"};
  CHECK_THROWS_WITH(gathered(source), ContainsSubstring("are of events"));
  source.conditions = {};
  CHECK(gathered(source).areas.size() == 1);
}

TEST_CASE("the animal's position counts while a unit was observed", "[recordings]") {
  recordings::Area area;
  area.watched = {std::make_shared<measures::Observation>(measures::Observation{{0, 25}, {30, 100}})};
  const measures::Path path{{0, 10, 20, 30, 40}, {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}};
  const auto seen = recordings::path_while_watched(path, area, 0);
  CHECK(std::isnan(seen.x[2])); // 20 to 30 ms
  CHECK(arma::find_finite(seen.y).eval().n_elem == 4);
  arma::mat distance{{0, 2, missing}, {2, 0, 4}, {missing, 4, 0}};
  CHECK(recordings::PairMean(distance).of({1, 1, 1}) == 3);
  CHECK(recordings::PairMean(distance).of({1, 2, 0}) == 2);
  CHECK(std::isnan(recordings::PairMean(distance).of({1, 0, 1})));
}

// By h5py and NumPy: tests/recordings/reference/observed.py.
TEST_CASE("recordings with gaps are described as NumPy does", "[recordings][recorded]") {
  const std::string folder = recorded("../cases");
  if (!data::testing::is_here(folder)) return;
  const auto expected =
      nlohmann::json::parse(std::ifstream(ENGRAM_SOURCE_DIR "/tests/recordings/reference/observed.json"));
  for (const auto &[name, of] : expected["spikes"].items()) {
    const auto found = compared({}, gathered(folder + "/" + name + ".nwb").areas, {"spikes"});
    for (const auto &[what, value] : of.items()) {
      INFO(name << " " << what);
      CHECK(value_of(found, "spikes." + what) == Approx(value.get<double>()).epsilon(1e-9));
    }
  }
  const auto trial = gathered(folder + "/one-short-trial.nwb");
  const auto &responses = *trial.areas.at(0).responses;
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t u = 0; u < 4; ++u)
      CHECK(recordings::mean_response(responses)(c, u) ==
            Approx(expected["one-short-trial"][c][u].get<double>()).epsilon(1e-12));
  // a: 0.2 0.5 0.5 0.7 s and 1.2 s; b lacks the second 0.5: one spike in one of two conditions.
  const auto doubled = compared(gathered(folder + "/duplicate-spike-a.nwb").areas,
                                gathered(folder + "/duplicate-spike-b.nwb").areas, {"distances:victor_purpura"});
  CHECK(value_of(doubled, "distances.victor_purpura") == 0.5);
  CHECK(gathered(folder + "/condition-nan.nwb").areas.at(0).conditions == std::vector<std::string>{"0", "90"});
  CHECK_THROWS_WITH(gathered(folder + "/several-condition-columns.nwb"), ContainsSubstring("name one of 'stim', "));
}
