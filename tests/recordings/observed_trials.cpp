// These tests check which trials, conditions and samples count: trials that are cut short or have no times, spikes that
// cannot be, and series that were sampled in part.
#include "input/input_error.hpp"
#include "recordings/observed.hpp"
#include "recordings/results.hpp"
#include "recordings/unit_summary.hpp"

#include <cmath>

using recordings::testing::value_of;

TEST_CASE("one trial that was cut short does not cut the others", "[recordings]") {
  const File file;
  constexpr std::size_t trials = 20;
  // 10 spikes in each second; on the other side 5 ms later: each costs 0.5 to move. Trial 7 ends after 100 ms.
  const auto plant = [&](const std::string &name, double later) {
    Spikes spikes(1);
    auto bounds = seconds(trials);
    bounds[7].second = 7.1;
    for (std::size_t k = 0; k < trials; ++k) add_spikes(spikes[0], static_cast<double>(k) + later, 1, 10);
    PlantedNwb nwb(file.path(name));
    nwb.units(spikes, {{{0, 20}}});
    nwb.trials(bounds, {{"stimulus", by_turns(trials, 2)}});
  };
  plant("one", 0);
  plant("other", 0.005);
  const auto one = gathered(file.path("one")), other = gathered(file.path("other"));
  CHECK(one.says("of each event 0 to 1000 ms are taken of units: as long as the shortest that is at least half"));
  CHECK(one.says("1 of 20 events ends within 1000 ms, and is missing beyond: row 7 (from 0)"));
  CHECK(one.says("1 of 20 events are left out"));
  const auto found = compared(one.areas, other.areas, {"distances:victor_purpura"});
  CHECK(value_of(found, "distances.victor_purpura") == Approx(5)); // of 100 ms it would be 0.5
  CHECK(one.areas[0].responses->values[0].n_slices == 10);
  CHECK(std::isnan(one.areas[0].responses->values[0](1, 0, 9))); // of the odd ones 9 are left
  // In bins, what there is of it counts.
  recordings::Source source;
  source.file = file.path("one");
  source.start = 0;
  source.stop = 1000;
  source.bin = 100;
  const auto binned = gathered(source);
  CHECK(binned.areas[0].responses->values[0](1, 0, 3) == Approx(10)); // trial 7 is the fourth of its condition
  CHECK(std::isnan(binned.areas[0].responses->values[1](1, 0, 3)));
  CHECK(binned.areas[0].responses->values[1](1, 0, 4) == Approx(10));
  CHECK(value_of(compared(binned.areas, gathered(file.path("other")).areas, {"distances:victor_purpura"}),
                 "distances.victor_purpura") == Approx(5));
  // A part beyond the end of most: the time after the events is meant.
  source.start = 900;
  source.stop = 1900;
  source.bin = 500;
  const auto after = gathered(source);
  CHECK(after.areas[0].responses->values[0](0, 0, 0) == Approx(10));
  CHECK(after.says("1 of 20 events ends within 1900 ms"));
}

TEST_CASE("trials of natural lengths are cut to the shortest, and short conditions are kept", "[recordings]") {
  const File file;
  const auto last_of = [&](const std::string &name, const Intervals &bounds, const std::vector<double> &conditions) {
    {
      PlantedNwb nwb(file.path(name));
      nwb.units({{0.5}}, {{{0, 100}}});
      nwb.trials(bounds, {{"stimulus", conditions}});
    }
    return gathered(file.path(name)).areas.at(0).trials.at(0).window.duration();
  };
  CHECK(last_of("natural", {{0, 0.9}, {1, 1.6}, {2, 2.8}, {3, 4}}, {0, 1, 0, 1}) == Approx(600));
  CHECK(last_of("design", {{0, 1}, {1, 1.2}, {2, 3}, {3, 3.2}}, {0, 1, 0, 1}) == Approx(200));
  CHECK(last_of("lone", {{0, 1}, {1, 1.2}, {2, 3}, {3, 4}}, {0, 1, 2, 3}) == Approx(1000)); // condition 1 is missing
  CHECK_THROWS_WITH(last_of("moments", {{0, 0}, {1, 1}}, {0, 1}), ContainsSubstring("the events have no duration"));
}

TEST_CASE("trials without times or without a condition are left out, by number", "[recordings]") {
  const File file;
  {
    PlantedNwb nwb(file.path());
    nwb.units({{0.5, 1.5, 2.5, 3.5}}, {{{0, 5}}});
    nwb.trials({{0, 1}, {missing, 2}, {2, 3}, {3, missing}, {4, 5}, {1, 2}}, {{"ori", {0, 0, 90, 90, missing, 0}}});
  }
  const auto found = gathered(file.path());
  CHECK(found.says("2 of 6 trials left out, with no start or no end: rows 1, 3 (from 0)"));
  CHECK(found.says("1 of 6 trials left out, with no value in column 'ori': row 4 (from 0)"));
  CHECK(found.areas.at(0).conditions == std::vector<std::string>{"0", "90"});
  CHECK(found.areas[0].trials.size() == 3);
  // With a window no end is needed.
  recordings::Source source;
  source.file = file.path();
  source.start = 0;
  source.stop = 800;
  CHECK(gathered(source).areas[0].trials.size() == 4);
}

TEST_CASE("events of an NWB file are those that a filter of its columns lets through", "[recordings]") {
  const File file;
  {
    PlantedNwb nwb(file.path());
    nwb.units({{0.5, 0.6, 1.5, 2.5, 3.5, 3.6, 3.7}}, {{{0, 5}}});
    nwb.trials({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}},
               {{"ori", {0, 90, 0, 90, 0}}, {"correct", {1, 0, 0, 1, 1}}, {"rt", {0.2, 0.3, 0.4, 0.5, missing}}});
  }
  recordings::Source source;
  source.file = file.path();
  source.condition = "ori";
  const auto filter = [](const char *key, std::vector<double> is) {
    recordings::Filter out;
    out.key = key;
    out.is = std::move(is);
    return out;
  };
  source.arrays.where = {{filter("correct", {1})}};
  const auto correct = gathered(source);
  CHECK(correct.says("3 of 5 trials are those that 'where' asks for"));
  REQUIRE(correct.areas.size() == 1);
  const auto &responses = correct.areas[0].responses->values.at(0);
  CHECK(correct.areas[0].conditions == std::vector<std::string>{"0", "90"});
  CHECK(responses(0, 0, 0) == Approx(2)); // Hz
  CHECK(responses(0, 0, 1) == 0);
  CHECK(responses(1, 0, 0) == Approx(3));
  source.arrays.where.push_back({filter("rt", {})});
  source.arrays.where.back().front().to = 0.45; // a missing value is none
  CHECK(gathered(source).says("1 of 5 trials are those that 'where' asks for"));
  source.arrays.where = {{filter("corect", {1})}};
  CHECK_THROWS_WITH(gathered(source), ContainsSubstring("'corect'") && ContainsSubstring("'correct'"));
  source.arrays.where = {{filter("correct", {7})}};
  CHECK_THROWS_WITH(gathered(source), ContainsSubstring("no row of trials is as 'where' asks"));
}

TEST_CASE("spikes that cannot be are left out by unit and time, and double spikes count", "[recordings]") {
  const File file;
  PlantedNwb(file.path())
      .units({{0.5, 1, 1, 2, missing}, {-0.5, 0.5, 1.2, 2, 4.5}, {1}}, {{{0, 4}}, {{0, 4}}, {{0, 4}}});
  const auto found = gathered(file.path());
  CHECK(found.says("count as spikes of their own: unit 0, at 1000 ms"));
  CHECK(found.says("outside of what was observed are left out: unit 1, 2 of them, the first at -500 ms"));
  CHECK(found.says("that are no numbers are left out: unit 0, spike 4 (from 0)"));
  CHECK(found.areas.at(0).trains ==
        std::vector<measures::SpikeTrain>{{500, 1000, 1000, 2000}, {500, 1200, 2000}, {1000}});
  const auto all = compared(found.areas, {}, {});
  CHECK(value_of(all, "spikes.rate_hz") == Approx(0.75));
  CHECK(has(all, "synchrony.isi_distance"));
  // On two sides as on one: one spike more costs 1.
  PlantedNwb(file.path("single")).units({{0.5, 1, 2}, {0.5, 1.2, 2}, {1}}, {{{0, 4}}, {{0, 4}}, {{0, 4}}});
  recordings::Config config;
  config.bootstrap = 0;
  const auto single = gathered(file.path("single"));
  const auto first = [](std::vector<recordings::Area> areas) {
    auto &area = areas.at(0);
    area.trains.resize(1);
    area.units.resize(1);
    area.watched.resize(1);
    return areas;
  };
  CHECK(value_of(compared(first(found.areas), first(single.areas), {"distances:victor_purpura"}),
                 "distances.victor_purpura") == 1);
}

TEST_CASE("which column is the condition is asked where none plainly is", "[recordings]") {
  const File file;
  {
    PlantedNwb nwb(file.path());
    nwb.series("acquisition/lfp", "ElectricalSeries", "volts", arma::mat(4, 2, arma::fill::ones), 0, 1);
    nwb.trials({{0, 2}, {2, 4}}, {{"side", {0, 1}}, {"reward", {1, 1}}});
  }
  CHECK_THROWS_WITH(gathered(file.path()),
                    ContainsSubstring("no column of trials is plainly the condition: name one of 'side', 'reward'"));
  recordings::Source source;
  source.file = file.path();
  source.condition = "side";
  CHECK(gathered(source).areas.at(0).condition_count == 2);
  CHECK_FALSE(gathered(source).areas[0].column_assumed);
}

TEST_CASE("a series that was sampled in part is missing in the other trials", "[recordings]") {
  const File file;
  std::vector<double> times;
  for (int k = 0; k < 30; ++k)
    if (k < 10 || k >= 20) times.push_back(0.1 * k); // nothing from 1 s to 2 s
  {
    PlantedNwb nwb(file.path());
    nwb.series("acquisition/lfp", "ElectricalSeries", "volts", arma::mat(times.size(), 1, arma::fill::ones), times);
    nwb.trials({{0, 1}, {1, 2}, {2, 3}, {0.5, 1.5}}, {{"stimulus", {0, 0, 1, 1}}});
  }
  const auto found = gathered(file.path());
  CHECK(found.says("2 of 4 events are left out: nothing of acquisition/lfp was observed in them"));
  CHECK(found.areas.at(0).responses->values[0].n_slices == 1);
  CHECK(found.areas[0].responses->values[0](0, 0, 0) == 1);
}
