// Time series as they were sampled: their spectra, and their coherence with other series and with spikes.
#include "recordings/signal.hpp"

#include "measures/spectrum.hpp"
#include "recordings/observed.hpp"
#include "recordings/results.hpp"
#include "two_waves.hpp"

#include <cmath>

using recordings::testing::value_of;

namespace {

recordings::Source signals_of(const std::string &file, const std::vector<std::string> &signals) {
  recordings::Source source;
  source.file = file;
  source.signals = signals;
  return source;
}

const recordings::Table &table_of(const recordings::Comparison &found, const std::string &method) {
  for (const auto &table : found.tables)
    if (table.method == method) return table;
  FAIL("no table " << method << (found.notes.empty() ? "" : ": " + found.notes.back()));
  return found.tables.front();
}

bool tells(const recordings::Comparison &found, const std::string &what) {
  return std::any_of(found.notes.begin(), found.notes.end(),
                     [&](const auto &note) { return note.find(what) != std::string::npos; });
}

constexpr const char *spectrum_of_16 = "spectrum:segment=32:greatest=250"; // samples of 2 ms

} // namespace

// By SciPy 1.10.1: signal.welch(x, fs=500, nperseg=16), signal.coherence(x, y, fs=500, nperseg=16).
TEST_CASE("a time series without events has SciPy's spectrum and coherence", "[recordings]") {
  const File file;
  PlantedNwb(file.path()).series("acquisition/lfp", "ElectricalSeries", "volts", two_waves(64), 3, 500);
  const auto sides = gathered(signals_of(file.path(), {"lfp"}));
  const auto found = compared(sides.areas, {}, {spectrum_of_16});
  const auto &power = table_of(found, "spectrum"), &coherence = table_of(found, "spectrum.coherence");
  REQUIRE(power.rows.size() == 8);
  CHECK(power.rows.front() == "31.25 Hz");
  CHECK(power.columns == std::vector<std::string>{"1", "2"});
  CHECK(power.values(0, 0) == Approx(0.0071368939764).epsilon(1e-9));
  CHECK(power.values(7, 0) == Approx(1.58849827444e-06).epsilon(1e-9)); // half of the rate: not doubled
  CHECK(coherence.columns == std::vector<std::string>{"1 and 2"});
  CHECK(coherence.values(0, 0) == Approx(0.960974467699).epsilon(1e-9));
  CHECK(coherence.values(7, 0) == Approx(0.118990784427).epsilon(1e-9));
  CHECK(value_of(found, "spectrum.coherence") == Approx(arma::mean(coherence.values.col(0))));
  CHECK(value_of(found, "spectrum.peak_hz") == Approx(31.25));
  CHECK(tells(found, "segments of 16 samples at 500 Hz, 7 of them; power is (volts)² per Hz"));
  // Of all else it has no responses, with why.
  const auto other = compared(sides.areas, {}, {"dimensionality"});
  CHECK(tells(other, "has no responses by condition: time series are cut at events"));
}

TEST_CASE("segments go on from one block of a long series to the next, and not across a gap", "[recordings]") {
  const File file;
  const arma::mat waves = two_waves(1'100'000); // more than are read at once
  {
    PlantedNwb nwb(file.path());
    nwb.series("acquisition/long", "TimeSeries", "volts", waves.col(0), 0, 500);
    std::vector<double> times; // ms steps that vary by a tenth, and 10 ms that are missing
    for (int k = 0; k < 64; ++k) times.push_back((2 * k + (k % 2 == 0 ? 0.0 : 0.2) + (k < 24 ? 0 : 10)) / 1000.0);
    nwb.series("acquisition/gap", "TimeSeries", "volts", waves.submat(0, 0, 63, 0), times);
  }
  const auto one = compared(gathered(signals_of(file.path(), {"long"})).areas, {}, {"spectrum"});
  const arma::vec whole = engram::measures::welch_spectrum({waves.col(0)}, 2, 500);
  const arma::vec found = table_of(one, "spectrum").values.col(0);
  CHECK(arma::approx_equal(found, whole.subvec(1, found.n_elem), "reldiff", 1e-9));
  const auto two = compared(gathered(signals_of(file.path(), {"gap"})).areas, {}, {spectrum_of_16});
  const arma::vec head = waves.submat(0, 0, 23, 0), tail = waves.submat(24, 0, 63, 0);
  const double step = (32 * 2.2 + 30 * 1.8) / 62; // ms: 62 steps, and the gap is none
  const arma::vec apart = engram::measures::welch_spectrum({head, tail}, step, 16);
  const arma::vec of_gap = table_of(two, "spectrum").values.col(0);
  CHECK(arma::approx_equal(of_gap, apart.subvec(1, of_gap.n_elem), "reldiff", 1e-9));
  CHECK(tells(two, "6 of them")); // 2 of 24 samples and 4 of 40
  CHECK(tells(two, "differ by up to 10 % of a step"));
}

TEST_CASE("a channel without a value is left out of that segment", "[recordings]") {
  const File file;
  arma::mat waves = two_waves(64);
  waves(63, 1) = missing;
  PlantedNwb(file.path()).series("acquisition/lfp", "TimeSeries", "n.a.", waves, 0, 500);
  const auto found = compared(gathered(signals_of(file.path(), {"lfp"})).areas, {}, {spectrum_of_16});
  const arma::vec x = waves.col(0), y = waves.submat(0, 1, 55, 1);
  const auto &power = table_of(found, "spectrum").values;
  CHECK(power(2, 0) == Approx(engram::measures::welch_spectrum({x}, 2, 16)[3]).epsilon(1e-9));
  CHECK(power(2, 1) == Approx(engram::measures::welch_spectrum({y}, 2, 16)[3]).epsilon(1e-9));
  CHECK(table_of(found, "spectrum.coherence").values(2, 0) ==
        Approx(engram::measures::welch_coherence({x.head(56)}, {y}, 2, 16)[3]).epsilon(1e-9));
  CHECK(tells(found, "1 of 2 channels have no value in some segments"));
  CHECK(tells(found, "power is of numbers without a unit, per Hz")); // as NWB says n.a.
}

TEST_CASE("two sides from one file have the coherence of the time that both were sampled", "[recordings]") {
  const File file;
  const arma::mat waves = two_waves(64);
  std::vector<double> spikes; // one at each sample in which the wave is above 0.5, and one at which it is not
  arma::vec rate(64, arma::fill::zeros);
  for (arma::uword k = 0; k < 64; ++k)
    if (waves(k, 0) > 0.5 || k == 40) {
      spikes.push_back(0.002 * static_cast<double>(k) + (k % 3 == 0 ? 0.0 : 0.0009));
      rate[k] = 500;
    }
  {
    PlantedNwb nwb(file.path());
    nwb.series("acquisition/one", "TimeSeries", "volts", waves.col(0), 0, 500);
    nwb.series("acquisition/late", "TimeSeries", "volts", waves.submat(10, 1, 63, 1), 0.02, 500);
    nwb.series("acquisition/between", "TimeSeries", "volts", waves.col(1), 0.001, 500);
    nwb.series("acquisition/slow", "TimeSeries", "volts", waves.col(1), 0, 250);
    nwb.units({spikes}, {{{0, 0.128}}});
  }
  const auto areas = [&](const std::string &name) { return gathered(signals_of(file.path(), {name})).areas; };
  const auto coherence_of = [&](const std::string &one, const std::string &other) {
    const auto found = compared(areas(one), areas(other), {spectrum_of_16});
    const auto &table = found.tables.back(); // the sides are described before they are compared
    INFO(table.method << " " << table.area);
    REQUIRE(table.area == areas(one)[0].name + " and " + areas(other)[0].name);
    return arma::vec(table.values.col(0));
  };
  const arma::vec x = waves.col(0), y = waves.col(1);
  const arma::vec late = engram::measures::welch_coherence({x.tail(54)}, {y.tail(54)}, 2, 16),
                  firing = engram::measures::welch_coherence({x}, {rate}, 2, 16);
  CHECK(arma::approx_equal(coherence_of("one", "late"), late.tail(8), "reldiff", 1e-9));
  CHECK(arma::approx_equal(coherence_of("late", "one"), late.tail(8), "reldiff", 1e-9));
  CHECK(arma::approx_equal(coherence_of("one", "units"), firing.tail(8), "reldiff", 1e-9));
  CHECK(arma::approx_equal(coherence_of("units", "one"), firing.tail(8), "reldiff", 1e-9));
  CHECK(arma::approx_equal(coherence_of("units", "units"), arma::vec(8, arma::fill::ones), "reldiff", 1e-9));
  const auto why = [&](const std::string &name) { return compared(areas("one"), areas(name), {spectrum_of_16}); };
  CHECK(tells(why("between"), "sampled at other times, between each other's samples"));
  CHECK(tells(why("slow"), "has a sample every 2 ms, and acquisition/slow every 4 ms"));
  std::filesystem::copy_file(file.path(), file.path("copy"));
  const auto apart = compared(areas("one"), gathered(signals_of(file.path("copy"), {"one"})).areas, {spectrum_of_16});
  CHECK(tells(apart, "are of two files"));
}

// Trials of a run follow each other, and each begins anew.
TEST_CASE("no segment is of two trials of a run", "[recordings]") {
  const File file;
  const arma::mat waves = two_waves(64);
  {
    PlantedNwb nwb(file.path());
    nwb.series("acquisition/V1_rate", "TimeSeries", "Hz", waves.col(0), 0, 500);
    nwb.trials({{0, 0.064}, {0.064, 0.128}}, {{"trial", {0, 1}}, {"held_out", {0, 0}}});
  }
  const arma::vec x = waves.col(0), apart = engram::measures::welch_spectrum({x.head(32), x.tail(32)}, 2, 16);
  const auto sides = gathered(signals_of(file.path(), {"V1_rate"}));
  const arma::vec alone = table_of(compared(sides.areas, {}, {spectrum_of_16}), "spectrum").values.col(0);
  CHECK(arma::approx_equal(alone, apart.tail(8), "reldiff", 1e-9));
  // Methods that match the conditions of two sides leave the series as it is.
  const auto beside = compared(sides.areas, sides.areas, {"cka", spectrum_of_16});
  const arma::vec matched = table_of(beside, "spectrum").values.col(0);
  CHECK(arma::approx_equal(matched, apart.tail(8), "reldiff", 1e-9));
}
