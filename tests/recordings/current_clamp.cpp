// The pyramidal cell of Ferguson et al. (2015) receives current steps, and its spikes are counted.
#include "catch.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "measures/voltage_spikes.hpp"
#include "recordings/checked.hpp"
#include "recordings/comparison.hpp"
#include "recordings/gather.hpp"
#include "recordings/planted_nwb.hpp"
#include "recordings/results.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace engram;
using data::testing::recorded;

namespace {

// By h5py and NumPy: tests/recordings/reference/current_clamp.py.
nlohmann::json expected_sweeps() {
  return nlohmann::json::parse(std::ifstream(ENGRAM_SOURCE_DIR "/tests/recordings/reference/current_clamp.json"));
}

// pA, of the plateau above what goes before.
double step_of(const data::NwbFile &file, std::string sweep) {
  sweep.replace(sweep.find("Series"), 6, "StimulusSeries");
  const arma::vec current = file.read_series("stimulus/presentation/" + sweep) * 1e12;
  return arma::mean(current.subvec(1300, 10299)) - arma::mean(current.head(800));
}

recordings::Comparison clamped(const recordings::Source &source, const recordings::Method &method) {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {method};
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  return recordings::compare(config, areas, {}, notes, {});
}

double of_sweep(const recordings::Comparison &found, const std::string &sweep, const std::string &column) {
  const auto &table = found.tables.at(0);
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    for (std::size_t k = 0; k < table.columns.size(); ++k)
      if (table.rows[r] == sweep && table.columns[k] == column) return table.values(r, k);
  FAIL("no " << sweep << ", " << column);
  return 0;
}

// Of 1000 samples of 1 ms: 10 pA, and `step` more from 200 to 700 ms; the potential spikes at these times.
void plant_sweep(recordings::testing::PlantedNwb &nwb, const std::string &number, double step,
                 const std::vector<arma::uword> &spikes) {
  arma::mat current(1000, 1, arma::fill::value(10e-12)), voltage(1000, 1, arma::fill::value(-0.07));
  current.rows(200, 699) += step * 1e-12;
  for (const auto k : spikes) voltage(k, 0) = 0.03;
  nwb.series("acquisition/CurrentClampSeries_" + number, "CurrentClampSeries", "volts", voltage, 0, 1000);
  nwb.series("stimulus/presentation/CurrentClampStimulusSeries_" + number, "CurrentClampStimulusSeries", "amperes",
             current, 0, 1000);
}

} // namespace

TEST_CASE("a cell's f-I curve is of the step of its current", "[recordings]") {
  const data::testing::TemporaryFolder folder;
  recordings::Source source;
  source.file = (folder.path / "cell.nwb").string();
  {
    recordings::testing::PlantedNwb nwb(source.file);
    plant_sweep(nwb, "1", 20, {});
    plant_sweep(nwb, "2", 40, {260, 500});
    plant_sweep(nwb, "3", 60, {100, 220, 300, 400, 650}); // the first before the step
  }
  source.threshold = -20;
  source.sweeps = true;
  const auto found = clamped(source, {"current_clamp", {}});
  CHECK(found.lacks.empty());
  CHECK(of_sweep(found, "CurrentClampSeries_1", "current pA") == Approx(20));
  CHECK(of_sweep(found, "CurrentClampSeries_1", "Hz") == 0);
  CHECK(std::isnan(of_sweep(found, "CurrentClampSeries_1", "latency ms")));
  CHECK(of_sweep(found, "CurrentClampSeries_2", "Hz") == Approx(4));
  // The potential rises by 100 mV within the ms before, and through -20 mV half-way.
  CHECK(of_sweep(found, "CurrentClampSeries_2", "latency ms") == Approx(59.5));
  CHECK(of_sweep(found, "CurrentClampSeries_3", "holding pA") == Approx(10));
  CHECK(of_sweep(found, "CurrentClampSeries_3", "spikes") == 4);
  CHECK(of_sweep(found, "CurrentClampSeries_3", "first ISI ms") == Approx(80));
  CHECK(of_sweep(found, "CurrentClampSeries_3", "last ISI ms") == Approx(250));
  CHECK(recordings::testing::value_of(found, "current_clamp.rheobase_pa") == Approx(40));
  CHECK(recordings::testing::value_of(found, "current_clamp.greatest_hz") == Approx(8));
  CHECK(recordings::testing::value_of(found, "current_clamp.gain_hz_per_pa") == Approx(4 / 20.0));
  const auto asked = clamped(source, {"current_clamp", {{"from", 200.0}, {"to", 450.0}}});
  CHECK(of_sweep(asked, "CurrentClampSeries_3", "spikes") == 3);
  CHECK(of_sweep(asked, "CurrentClampSeries_3", "Hz") == Approx(12));
  std::ofstream(folder.path / "c.json") << R"({ "circuits": [ { "file": "cell.nwb", "threshold": -20, "sweeps": true,
    "window": [0, 10] } ] })";
  std::vector<std::string> of_config;
  CHECK_THROWS_WITH(
      recordings::gather(recordings::load_config((folder.path / "c.json").string()).circuits[0], of_config),
      ContainsSubstring("c.json:2: /circuits/0/window: ") && ContainsSubstring("is not for sweeps of a cell"));
  recordings::Source plain;
  plain.file = source.file;
  CHECK_THROWS_WITH(recordings::gather(plain, of_config), ContainsSubstring("found by a 'threshold'"));
  source.signals = {"CurrentClampSeries_1", "CurrentClampStimulusSeries_2"};
  std::vector<std::string> notes;
  CHECK_THROWS_WITH(recordings::gather(source, notes), ContainsSubstring("is no voltage"));
}

TEST_CASE("check numbers: the f-I curve of a pyramidal cell (nwb)", "[recordings][recorded]") {
  const recordings::testing::Checked found("current-clamp");
  if (!found.here()) return;
  for (const auto &sweep : expected_sweeps()) {
    const auto name = sweep.at("sweep").get<std::string>();
    INFO(name);
    const auto cell = [&](const char *column) { return found.cell("current_clamp", "PYR2", name, column); };
    CHECK(cell("spikes") == sweep.at("spikes").get<double>());
    CHECK(cell("Hz") == Approx(sweep.at("spikes").get<double>()).epsilon(1e-3)); // the step lasts a second
    // Ours is a median, of all of the step; h5py's a mean, without its transients.
    CHECK(cell("current pA") == Approx(sweep.at("step_pA").get<double>()).margin(1.5));
    if (!sweep.at("first_ms").is_null())
      CHECK(cell("latency ms") == Approx(sweep.at("first_ms").get<double>() - 81.5).margin(1));
  }
  CHECK(found.value("current_clamp.rheobase_pa", "PYR2") == Approx(74.745).margin(1.5));
}

TEST_CASE("the more current a pyramidal cell gets the more it fires, up to depolarisation block",
          "[recordings][recorded]") {
  recordings::Source source;
  source.file = recorded("nwb") + "/FergusonEtAl2015_PYR2.nwb";
  if (!std::filesystem::exists(source.file)) {
    WARN("skipped: no " << source.file);
    return;
  }
  source.threshold = -20;
  std::vector<std::string> notes;
  const auto sweeps = recordings::gather(source, notes);
  const auto expected = expected_sweeps();
  REQUIRE(sweeps.size() == 13);
  REQUIRE(expected.size() == 13);
  const data::NwbFile file(source.file);
  double rheobase = 0;
  std::vector<std::size_t> count;
  for (std::size_t k = 0; k < sweeps.size(); ++k) {
    INFO(sweeps[k].name);
    CHECK(sweeps[k].name == expected[k].at("sweep").get<std::string>());
    const auto &train = sweeps[k].trains.at(0);
    count.push_back(train.size());
    CHECK(train.size() == expected[k].at("spikes").get<std::size_t>());
    const double step = step_of(file, sweeps[k].name);
    CHECK(step == Approx(expected[k].at("step_pA").get<double>()).epsilon(1e-5));
    CHECK(sweeps[k].observed.stop == Approx(1999.9));
    if (train.empty()) continue;
    if (rheobase == 0) rheobase = step;
    CHECK(train.front() == Approx(expected[k].at("first_ms").get<double>()).epsilon(1e-6));
    CHECK(train.back() == Approx(expected[k].at("last_ms").get<double>()).epsilon(1e-6));
    CHECK(train.front() > 81.5); // the step's begin
    CHECK(train.back() < 1081.4);
  }
  CHECK(rheobase == Approx(74.745).margin(0.001));
  for (std::size_t k = 1; k <= 10; ++k) CHECK(count[k] >= count[k - 1]); // up to 274 pA
  CHECK(count[11] < count[10]);                                          // the potential stays near -20 mV

  // Without the fall that is asked of the voltage, noise about the threshold would be taken for spikes.
  const arma::vec blocked = file.read_series("acquisition/CurrentClampSeries_12") * 1000;
  auto times = file.read_times("acquisition/CurrentClampSeries_12", 0, blocked.n_elem);
  for (double &time : times) time *= 1000;
  CHECK(measures::spikes_from_voltage(blocked, times, -20, 0).size() ==
        135); // NumPy: samples at -20 mV or above after one below
  source.signals = {"CurrentClampStimulusSeries_12"};
  CHECK_THROWS_WITH(recordings::gather(source, notes), ContainsSubstring("is no voltage: its unit is 'amperes'"));
}
