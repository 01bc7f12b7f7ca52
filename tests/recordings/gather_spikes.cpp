// These tests make areas of spike trains that are no units of an NWB file, as a comparison file names them.
#include "catch.hpp"
#include "data/array.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"

#include <algorithm>
#include <fstream>

using namespace engram;
using data::testing::is_here;
using data::testing::recorded;

namespace {

/// A folder with a comparison file.
struct SpikesFolder : data::testing::TemporaryFolder {
  void write(const std::string &name, const std::string &text) const { std::ofstream(path / name) << text; }
  /// The source of a comparison file: `keys` of its only circuit.
  recordings::Config config(const std::string &keys) const {
    write("C.json", R"({"circuits": [{)" + keys + "}]}");
    return recordings::load_config((path / "C.json").string());
  }
  std::vector<recordings::Area> areas(const std::string &keys, std::vector<std::string> &notes) const {
    return recordings::gather(config(keys).circuits.at(0), notes);
  }
  std::string refused(const std::string &keys) const {
    try {
      std::vector<std::string> notes;
      areas(keys, notes);
    } catch (const input::InputError &error) {
      return error.what();
    } catch (const data::DataError &error) {
      return error.what();
    }
    return "";
  }
};

std::string joined(const std::vector<std::string> &notes) {
  std::string text;
  for (const auto &note : notes) text += note + "\n";
  return text;
}

double value_of_method(const recordings::Area &area, const std::string &name) {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {recordings::method_of("spikes")};
  for (const auto &result : recordings::compare(config, {}, {area}, {}, {}).results)
    if (result.method == name) return result.value;
  FAIL("no " << name);
  return 0;
}

} // namespace

TEST_CASE("spike trains of a text are an area, over the time that is said", "[recordings][spikes]") {
  const SpikesFolder folder;
  folder.write("trains.txt", "0.1 0.2 0.4\n0.3 0.9\n0.5\n");
  std::vector<std::string> notes;
  const auto areas = folder.areas(R"("file": "trains.txt", "spikes": {"unit": "s", "observed": [0, 2000]})", notes);
  REQUIRE(areas.size() == 1);
  CHECK(areas[0].name == "trains");
  CHECK(areas[0].units == std::vector<std::string>{"1", "2", "3"});
  CHECK(areas[0].trains.at(1) == measures::SpikeTrain{300, 900});
  CHECK(areas[0].observed.start == 0);
  CHECK(areas[0].observed.stop == 2000);
  CHECK(notes.empty());
  CHECK(value_of_method(areas[0], "spikes.rate_hz") == Approx(1)); // 3, 2 and 1 spikes in 2 s: the median
  // Nobody says how long: a note does.
  const auto shorter = folder.areas(R"("file": "trains.txt", "name": "V1", "spikes": {"unit": "s"})", notes);
  CHECK(shorter.at(0).name == "V1");
  CHECK(shorter.at(0).observed.stop == 900);
  CHECK_THAT(joined(notes), ContainsSubstring("taken from the first to the last spike of all units, 100 to 900 ms"));
  // Spikes outside are left out, and named.
  const auto cut = folder.areas(R"("file": "trains.txt", "spikes": {"unit": "s", "observed": [150, 450]})", notes);
  CHECK(cut.at(0).trains == std::vector<measures::SpikeTrain>{{200, 400}, {300}, {}});
  CHECK_THAT(
      joined(notes),
      ContainsSubstring("spikes outside of what was observed are left out: unit 1, at 100 ms; unit 2, at 900 ms"));
}

TEST_CASE("what a comparison file says of spikes is checked", "[recordings][spikes]") {
  const SpikesFolder folder;
  folder.write("trains.txt", "1 2 3\n4 5\n");
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {})"),
             ContainsSubstring("the unit of its spike times is not said"));
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {"unit": "h"})"),
             ContainsSubstring("/circuits/0/spikes/unit"));
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {"unit": "s", "rate": 100})"),
             ContainsSubstring("is of times in samples"));
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {"unit": "s", "observed": [5, 5]})"),
             ContainsSubstring("must end after it begins"));
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {"unit": "s"}, "window": [0, 5])"),
             ContainsSubstring("/circuits/0/window"));
  CHECK_THAT(folder.refused(R"("file": "trains.txt", "spikes": {"unit": "s"}, "areas": "group")"),
             ContainsSubstring("column of the units"));
  CHECK_THAT(folder.refused(R"("file": "none.txt", "spikes": {"unit": "s"})"), ContainsSubstring("no such file"));
  folder.write("silent.txt", "\n");
  CHECK_THAT(folder.refused(R"("file": "silent.txt", "spikes": {"unit": "s"})"),
             ContainsSubstring("holds no spike times"));
}

TEST_CASE("samples become ms by their rate, and units have the names of their clusters", "[recordings][spikes]") {
  const SpikesFolder folder;
  folder.write("times.csv", "t,c\n20,3\n50,8\n10,3\n");
  std::vector<std::string> notes;
  const auto areas = folder.areas(R"("file": "times.csv", "key": "t",
    "spikes": {"unit": "samples", "rate": 10000, "clusters": {"file": "times.csv", "key": "c"}, "observed": [0, 10]})",
                                  notes);
  CHECK(areas.at(0).units == std::vector<std::string>{"3", "8"});
  CHECK(areas.at(0).trains == std::vector<measures::SpikeTrain>{{1, 2}, {5}});
  const auto one = folder.areas(R"("file": "times.csv", "key": "t", "units": {"column": "id", "is": "8"},
    "spikes": {"unit": "samples", "rate": 10000, "clusters": {"key": "c"}, "observed": [0, 10]})",
                                notes);
  CHECK(one.at(0).units == std::vector<std::string>{"8"});
}

TEST_CASE("a report of SONATA has the spikes that rise to a threshold", "[recordings][spikes]") {
  // Two elements, each 0.5 ms: -70, -60, 0, -60, -70, -70 mV and -70, ..., -30, -70 mV
  // (tests/data/fixtures/make_foreign.py).
  recordings::Source source;
  source.file = data::testing::fixture("sonata.h5");
  source.threshold = -20;
  std::vector<std::string> notes;
  const auto area = recordings::gather(source, notes).at(0);
  CHECK(area.name == "V1");
  CHECK(area.units == std::vector<std::string>{"0", "1"});
  CHECK(area.observed.stop == 2.5);
  REQUIRE(area.trains.size() == 2);
  REQUIRE(area.trains[0].size() == 1); // from -60 mV at 0.5 ms to 0 mV at 1 ms: two thirds of the way
  CHECK(area.trains[0][0] == Approx(0.5 + 0.5 * 2 / 3));
  CHECK(area.trains[1].empty());
  source.key = "V2";
  try {
    recordings::gather(source, notes);
    FAIL("it was read");
  } catch (const Error &error) {
    CHECK_THAT(std::string(error.what()), ContainsSubstring("no report 'V2'"));
  }
}

TEST_CASE("a retinal neuron fires as the book says", "[recordings][spikes][recorded]") {
  const auto file = recorded("kramer-eden/08_spikes-1.mat");
  if (!is_here(file)) return;
  recordings::Source source;
  source.file = file;
  source.spikes.given = true;
  source.spikes.unit = "s";
  source.spikes.observed = {0, 30000};
  std::vector<std::string> notes;
  // Kramer & Eden 2016: 25.0 and 32.3 Hz. The intervals are in the README of the recording, by NumPy.
  for (const auto &[key, rate, interval] : {std::tuple{"SpikesLow", 25.0, 39.9884}, {"SpikesHigh", 32.3, 30.9420}}) {
    source.key = key;
    const auto area = recordings::gather(source, notes).at(0);
    CHECK(value_of_method(area, "spikes.rate_hz") == Approx(rate).margin(1e-9));
    CHECK(value_of_method(area, "spikes.isi_ms") == Approx(interval).margin(5e-5));
  }
}

TEST_CASE("a grasshopper's receptor fires as NumPy counts", "[recordings][spikes][recorded]") {
  const auto file = recorded("grasshopper/grasshopper_spike_times1.txt");
  if (!is_here(file)) return;
  recordings::Source source;
  source.file = file;
  source.spikes = {true, "us", 0, "column", {}, {0, 10000}};
  std::vector<std::string> notes;
  const auto area = recordings::gather(source, notes).at(0); // its README: 92.9 Hz, CV 0.5331, CV2 0.4951, LV 0.2702
  CHECK(value_of_method(area, "spikes.rate_hz") == Approx(92.9));
  CHECK(value_of_method(area, "spikes.cv") == Approx(0.5331).margin(5e-5));
  CHECK(value_of_method(area, "spikes.cv2") == Approx(0.4951).margin(5e-5));
  CHECK(value_of_method(area, "spikes.lv") == Approx(0.2702).margin(5e-5));
}
