// The pyramidal cell of Ferguson et al. (2015) receives current steps, and its spikes are counted.
#include "catch.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "measures/voltage_spikes.hpp"
#include "recordings/comparison.hpp"

#include <nlohmann/json.hpp>

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

} // namespace

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
