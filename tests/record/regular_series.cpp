// A series whose samples are regular has a start and a rate, any other has timestamps; either way a reader has the
// times in which the samples were taken.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"
#include "record/example.hpp"
#include "record/run_read.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace engram::record;
using engram::record::testing::info;
using engram::record::testing::OutputFolder;

namespace {

bool has_stamps(const std::string &path, const std::string &series) {
  const hdf5::Handle file = hdf5::open_read(path);
  const bool stamps = hdf5::exists(file.get(), "/acquisition/" + series + "/timestamps");
  CHECK(hdf5::exists(file.get(), "/acquisition/" + series + "/starting_time") != stamps); // NWB: one of them
  return stamps;
}

// Steps of `step` ms to times in seconds.
std::vector<double> times_of_steps(const std::vector<int> &steps, double step) {
  std::vector<double> out;
  for (const int each : steps) out.push_back(each * step / 1000);
  return out;
}

// Times by a rate are sums of other roundings.
bool nearly(const std::vector<double> &a, const std::vector<double> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return std::abs(x - y) < 1e-12; });
}

struct SeriesTimes {
  bool stamps = false;
  std::vector<double> times;
  double rate_hz = 0;
};

// Runs a circuit of one rate region, of trials of 4 steps of 0.5 ms, two of six held out.
SeriesTimes series_of(const std::string &record) {
  const command::Folder folder;
  std::ofstream(folder.path / "m.json") << R"({ "time": { "step": 0.5 }, "architecture": { "regions": {
      "in": { "size": 1, "dynamics": "input" }, "r": { "size": 2, "dynamics": "leaky_rate" } } },
    "task": { "stimuli": { "inputs": [[1], [2], [3], [4], [5], [6]] }, "held_out": 2, "batch": 3, "epochs": 2,
      "trial": [ { "phase": "run", "duration": 2, "stimulus": "in" } ] },
    "record": { "r": )" << record << " } }";
  const auto run = command::engram("run --quiet --out r.nwb m.json", folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
  const auto path = (folder.path / "r.nwb").string();
  const RunReader reader(path);
  const auto series = reader.series().at(0);
  const engram::data::NwbFile file(path); // as any NWB file is read
  CHECK(file.read_times(series.name, 0, series.samples) == reader.times(series));
  CHECK(series.samples == reader.times(series).size());
  return {has_stamps(path, series.name), reader.times(series), file.find_series(series.name).rate_hz};
}

} // namespace

TEST_CASE("Whole trials one after another are a regular series", "[record]") {
  // The four trials of training come first in the file's time, at steps 0 to 15; those held out are recorded.
  const auto held_out = series_of(R"(["rate"])");
  CHECK_FALSE(held_out.stamps);
  CHECK(held_out.rate_hz == 2000);
  CHECK(nearly(held_out.times, times_of_steps({16, 17, 18, 19, 20, 21, 22, 23}, 0.5)));
  const auto each_second = series_of(R"({ "signals": ["rate"], "every": 2, "trials": "all" })");
  CHECK_FALSE(each_second.stamps);
  CHECK(each_second.rate_hz == 1000);
  CHECK(nearly(each_second.times, times_of_steps({0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22}, 0.5)));
  const auto one_a_trial = series_of(R"({ "signals": ["rate"], "from": 1, "to": 1.5, "trials": "all" })");
  CHECK_FALSE(one_a_trial.stamps);
  CHECK(one_a_trial.rate_hz == 500);
  CHECK(nearly(one_a_trial.times, times_of_steps({2, 6, 10, 14, 18, 22}, 0.5)));
}

TEST_CASE("Parts of trials have the time of each sample", "[record]") {
  const auto part = series_of(R"({ "signals": ["rate"], "from": 1 })");
  CHECK(part.stamps);
  CHECK(part.times == times_of_steps({18, 19, 22, 23}, 0.5));
  const auto each_third = series_of(R"({ "signals": ["rate"], "every": 3 })");
  CHECK(each_third.stamps);
  CHECK(each_third.times == times_of_steps({16, 19, 20, 23}, 0.5));
  // Of one trial (4 is the second of those held out) it is regular.
  const auto one = series_of(R"({ "signals": ["rate"], "from": 1, "trials": [4] })");
  CHECK_FALSE(one.stamps);
  CHECK(nearly(one.times, times_of_steps({22, 23}, 0.5)));
}

TEST_CASE("A series that ceases to be regular keeps the times that it had", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunInfo fine = info;
  fine.step_ms = 0.1;
  RunFile run(path, fine);
  const auto series = run.add_series({"V1", "rate", "", "", 1, false, 3});
  const std::size_t many = 20000; // more than are written at once
  run.write(series, 0, arma::mat(1, 2 * many, arma::fill::ones));
  run.write_times(series, 10, 37, 5); // out of order: sample 10 is step 37, sample 0 step 7
  run.write_times(series, 15, 52, many - 15);
  run.write_times(series, 0, 7, 10);
  run.flush();
  run.write_times(series, many, 7 + 3 * many + 1, many); // one step late
  run.finish();
  REQUIRE(has_stamps(path, "V1_rate"));
  const RunReader read(path);
  const auto times = read.times(read.series().at(0));
  REQUIRE(times.size() == 2 * many);
  bool good = true;
  for (std::size_t n = 0; n < times.size(); ++n)
    good = good && times[n] == static_cast<double>(7 + 3 * n + (n < many ? 0 : 1)) * 0.1 / 1000;
  CHECK(good);
}

TEST_CASE("A series of which nothing was recorded has a time even so", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  run.add_series({"V1", "rate", "", "", 1, false});
  run.finish();
  CHECK_FALSE(has_stamps(path, "V1_rate"));
  const RunReader read(path);
  CHECK(read.times(read.series().at(0)).empty());
}

// old_run.nwb: tests/record/fixtures/README.md says how it was made.
TEST_CASE("A run file of an earlier engram is read as ever", "[record]") {
  const std::string path = std::string(ENGRAM_SOURCE_DIR) + "/tests/record/fixtures/old_run.nwb";
  const RunReader read(path);
  const auto series = read.series();
  REQUIRE(series.size() == 1);
  CHECK(series[0].name == "r_rate");
  CHECK(read.times(series[0]) == times_of_steps({16, 17, 18, 19, 20, 21, 22, 23}, 0.5));
  CHECK(read.data(series[0]).n_cols == 8);
  CHECK(read.trials().size() == 6);
  CHECK(read.curve().size() == 2);
  const engram::data::NwbFile file(path);
  CHECK(file.read_times("r_rate", 0, 8) == read.times(series[0]));
  REQUIRE(file.has_units());
  CHECK(file.units().obs_intervals_s.at(0) == std::vector<std::pair<double, double>>{{0.008, 0.012}});
}
