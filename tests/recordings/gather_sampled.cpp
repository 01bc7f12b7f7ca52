// Arrays that are time series, by a sampling rate that a comparison file or the command line gives.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "data/npz_write.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "measures/spectrum.hpp"
#include "recordings/comparison.hpp"
#include "recordings/signal.hpp"
#include "two_waves.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace engram;

namespace {

constexpr const char *segments_of_16 = "spectrum:segment=32:greatest=250"; // samples of 2 ms

std::vector<double> row_by_row(const arma::mat &values) {
  return arma::conv_to<std::vector<double>>::from(arma::vectorise(values, 1));
}

/// A folder with arrays and a comparison file.
struct SampledFolder : data::testing::TemporaryFolder {
  void write(const std::string &name, const std::string &text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }
  void arrays(const std::vector<data::NamedArray> &arrays) const { write("a.npz", data::npz_of(arrays)); }
  /// The source of a comparison file: `keys` of its only circuit.
  recordings::Area area(const std::string &keys, std::vector<std::string> &notes) const {
    write("C.json", R"({"circuits": [{)" + keys + "}]}");
    auto found = recordings::gather(recordings::load_config((path / "C.json").string()).circuits.at(0), notes);
    REQUIRE(found.size() == 1);
    return std::move(found.front());
  }
  recordings::Area area(const std::string &keys) const {
    std::vector<std::string> notes;
    return area(keys, notes);
  }
  std::string refused(const std::string &keys) const {
    try {
      area(keys);
    } catch (const Error &error) {
      CHECK(error.kind() == ErrorKind::wrong_input);
      return error.what();
    }
    return "";
  }
};

recordings::Comparison spectra_of(const std::vector<recordings::Area> &one, const std::vector<recordings::Area> &other,
                                  const std::string &method = segments_of_16) {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {recordings::method_of(method)};
  return recordings::compare(config, one, other, {}, {});
}

const arma::mat &values_of_table(const recordings::Comparison &found, const std::string &method) {
  for (const auto &table : found.tables)
    if (table.method == method) return table.values;
  FAIL("no table " << method << (found.notes.empty() ? "" : ": " + found.notes.back()));
  return found.tables.front().values;
}

bool is_noted(const std::vector<std::string> &notes, const std::string &what) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const auto &note) { return note.find(what) != std::string::npos; });
}

} // namespace

// By SciPy 1.10.1: signal.welch(x, fs=500, nperseg=16), signal.coherence(x, y, fs=500, nperseg=16).
TEST_CASE("an array with a sampling rate has SciPy's spectrum and coherence", "[recordings]") {
  const arma::mat waves = two_waves(64);
  const SampledFolder folder;
  folder.arrays({{"x", {64, 2}, row_by_row(waves)}, {"turned", {1, 2, 64}, row_by_row(waves.t())}});
  const auto check = [](const recordings::Area &area) {
    const auto found = spectra_of({area}, {});
    const auto &power = values_of_table(found, "spectrum"), &coherence = values_of_table(found, "spectrum.coherence");
    REQUIRE(power.n_rows == 8);
    REQUIRE(power.n_cols == 2);
    CHECK(power(0, 0) == Approx(0.0071368939764).epsilon(1e-9));
    CHECK(power(7, 0) == Approx(1.58849827444e-06).epsilon(1e-9));
    CHECK(coherence(0, 0) == Approx(0.960974467699).epsilon(1e-9));
    CHECK(coherence(7, 0) == Approx(0.118990784427).epsilon(1e-9));
    CHECK(is_noted(found.notes, "segments of 16 samples at 500 Hz, 7 of them; power is (mV)² per Hz"));
  };
  std::vector<std::string> notes;
  const std::string series = R"("series": {"rate": 500, "unit": "mV"})";
  check(folder.area(R"("file": "a.npz", "key": "x", )" + series, notes));
  CHECK(is_noted(notes, "a:x: axes are taken as 64 samples x 2 channels"));
  check(folder.area(R"("file": "a.npz", "key": "turned", "axes": ["day", "neuron", "time"], "at": {"day": 1}, )" +
                    series));
  // Of all else it has no responses, with why.
  const auto other = spectra_of({folder.area(R"("file": "a.npz", "key": "x", )" + series)}, {}, "dimensionality");
  CHECK(is_noted(other.lacks, "has no responses by condition: it is a time series without conditions or trials"));
}

// version5.mat: cube[i, j, k] = 100 i + 10 j + k, so that all channels vary alike.
TEST_CASE("a MATLAB array with a sampling rate has the spectrum of its channels", "[recordings]") {
  const SampledFolder folder;
  std::filesystem::copy_file(data::testing::fixture("version5.mat"), folder.path / "m.mat");
  const auto area = folder.area(R"("file": "m.mat", "key": "cube", "axes": ["neuron", "neuron", "time"],
                                   "series": {"rate": 1000})");
  const auto found = spectra_of({area}, {}, "spectrum:segment=4:greatest=500");
  const auto &power = values_of_table(found, "spectrum");
  REQUIRE(power.n_cols == 6);
  const arma::vec expected = measures::welch_spectrum({arma::vec{0, 1, 2, 3}}, 1, 4);
  for (arma::uword c = 0; c < 6; ++c)
    CHECK(arma::approx_equal(arma::vec(power.col(c)), arma::vec(expected.tail(2)), "reldiff", 1e-9));
}

TEST_CASE("samples of one trial do not follow those of another", "[recordings]") {
  const arma::mat waves = two_waves(64);
  const SampledFolder folder;
  folder.arrays({{"x", {2, 32, 2}, row_by_row(waves)}, {"one", {64}, row_by_row(waves.col(0))}});
  const arma::vec x = waves.col(0), apart = measures::welch_spectrum({x.head(32), x.tail(32)}, 2, 16);
  for (const char *axis : {"repeat", "condition"}) {
    INFO(axis);
    const auto area = folder.area(R"("file": "a.npz", "key": "x", "series": {"rate": 500, "start": 100}, "axes": [")" +
                                  std::string(axis) + R"(", "time", "neuron"])");
    const arma::vec found = values_of_table(spectra_of({area}, {}), "spectrum").col(0);
    CHECK(arma::approx_equal(found, apart.tail(8), "reldiff", 1e-9));
    CHECK(area.responses.has_value() == (std::string(axis) == "condition"));
    if (!area.responses) continue;
    REQUIRE(area.responses->values.size() == 32);
    CHECK(area.responses->times.at(1) == Approx(103)); // ms: the middle of the second sample
    CHECK(area.responses->values.at(1)(1, 0, 0) == waves(33, 0));
  }
  // Nobody knows when trials were, which a series without trials has to.
  const std::string trials =
      R"("file": "a.npz", "key": "x", "series": {"rate": 500}, "axes": ["repeat", "time", "neuron"])";
  const auto mixed =
      spectra_of({folder.area(trials)}, {folder.area(R"("file": "a.npz", "key": "one", "series": {"rate": 500})")});
  CHECK(is_noted(mixed.notes, "are not trials of one start, number and length"));
  // Trials that begin 64 ms later, as long as one is, are not the next ones of those that do not.
  const auto starting = [&](const std::string &start) {
    return folder.area(R"("file": "a.npz", "key": "x", "axes": ["repeat", "time", "neuron"],
                          "series": {"rate": 500, "start": )" +
                       start + "}");
  };
  CHECK(
      is_noted(spectra_of({starting("0")}, {starting("64")}).notes, "are not trials of one start, number and length"));
  CHECK_FALSE(is_noted(spectra_of({starting("64")}, {starting("64")}).notes, "are not trials of"));
}

TEST_CASE("arrays and spikes of one file have the coherence of the time that both were observed", "[recordings]") {
  const arma::mat waves = two_waves(64);
  arma::vec rate(64, arma::fill::zeros);
  std::vector<double> spikes; // ms
  for (arma::uword k = 0; k < 64; ++k)
    if (waves(k, 0) > 0.5 || k == 40) {
      spikes.push_back(2 * static_cast<double>(k) + (k % 3 == 0 ? 0.0 : 0.9));
      rate[k] = 500;
    }
  const SampledFolder folder;
  folder.arrays({{"x", {64}, row_by_row(waves.col(0))},
                 {"late", {54}, row_by_row(waves.submat(10, 1, 63, 1))},
                 {"trials", {2, 32}, row_by_row(waves.col(0).t())},
                 {"spikes", {spikes.size()}, spikes}});
  const auto series = [&](const char *key, const char *more) {
    return folder.area(R"("file": "a.npz", "key": ")" + std::string(key) + R"(", "series": {"rate": 500)" + more);
  };
  const auto x = series("x", "}"), late = series("late", R"(, "start": 20})");
  const auto trains = folder.area(R"("file": "a.npz", "key": "spikes",
                                     "spikes": {"unit": "ms", "layout": "column", "observed": [0, 128]})");
  const arma::vec one = waves.col(0), other = waves.col(1);
  const auto coherence = [&](const recordings::Area &a, const recordings::Area &b) {
    return arma::vec(spectra_of({a}, {b}).tables.back().values.col(0)); // sides are described before they are compared
  };
  CHECK(arma::approx_equal(
      coherence(x, late), measures::welch_coherence({one.tail(54)}, {other.tail(54)}, 2, 16).tail(8), "reldiff", 1e-9));
  CHECK(arma::approx_equal(coherence(x, trains), measures::welch_coherence({one}, {rate}, 2, 16).tail(8), "reldiff",
                           1e-9));
  const auto trials = series("trials", R"(}, "axes": ["repeat", "time"])");
  CHECK(is_noted(spectra_of({trials}, {trains}).notes, "has trials, and nobody knows when each was"));
}

TEST_CASE("an array whose sampling rate nobody knows has no spectrum, and what is no time series is refused",
          "[recordings]") {
  const SampledFolder folder;
  folder.arrays({{"x", {2, 3}, std::vector<double>(6, 1.0)},
                 {"three", {4, 3, 2}, std::vector<double>(24, 1.0)},
                 {"one", {4}, std::vector<double>(4, 1.0)}});
  const auto lack = spectra_of({folder.area(R"("file": "a.npz", "key": "x")")}, {});
  CHECK(is_noted(lack.notes, "no sampling rate is known of its responses: 'series' in a comparison file, or --rate"));
  CHECK_THAT(folder.refused(R"("file": "a.npz", "key": "one")"),
             ContainsSubstring("has 1 axis") && ContainsSubstring("('series', or --rate)"));
  const auto refused = [&](const std::string &more) { return folder.refused(R"("file": "a.npz", )" + more); };
  CHECK_THAT(refused(R"("key": "x", "series": {"rate": 500})"),
             ContainsSubstring("/circuits/0/series") &&
                 ContainsSubstring("has 2 rows and 3 columns, more channels than samples"));
  CHECK_THAT(refused(R"("key": "three", "series": {"rate": 500})"), ContainsSubstring("has 3 axes"));
  CHECK_THAT(refused(R"("key": "x", "series": {"rate": 500}, "axes": ["condition", "neuron"])"),
             ContainsSubstring("/circuits/0/axes") && ContainsSubstring("has no 'time'"));
  CHECK_THAT(refused(R"("key": "x", "series": {"rate": 0})"), ContainsSubstring("/circuits/0/series/rate"));
  CHECK_THAT(refused(R"("key": "x", "series": {}, "axes": ["time", "neuron"])"), ContainsSubstring("rate"));
  CHECK_THAT(refused(R"("key": "x", "series": {"rate": 500}, "bin": 5, "axes": ["time", "neuron"])"),
             ContainsSubstring("/circuits/0/bin") && ContainsSubstring("excludes 'series'"));
  // What filters or divides trials would do so to responses, and not to the series.
  const std::string trials = R"("key": "three", "series": {"rate": 500}, "axes": ["trial", "time", "neuron"],
                                "labels": "one", )";
  for (const char *key : {"where", "over"})
    CHECK_THAT(refused(trials + "\"" + key +
                       "\": " + (std::string(key) == "where" ? R"([{"key": "one", "is": 1}])" : R"("one")")),
               ContainsSubstring(std::string("/circuits/0/") + key) && ContainsSubstring("excludes 'series'"));
  CHECK_THAT(refused(R"("key": "x", "series": {"rate": 500}, "spikes": {"unit": "ms"})"),
             ContainsSubstring("excludes 'spikes'"));
  CHECK_THAT(folder.refused(R"("file": ")" + data::testing::fixture("sonata.h5") + R"(", "series": {"rate": 500})"),
             ContainsSubstring("a sampling rate is for an array, and not for spike trains"));
}

TEST_CASE("compare takes the sampling rate of an array", "[cli][recordings]") {
  const command::Folder folder;
  const arma::mat waves = two_waves(64);
  std::ofstream(folder.path / "a.npz", std::ios::binary) << data::npz_of({{"x", {64, 2}, row_by_row(waves)}});
  const std::string line = "compare a.npz:x --json --bootstrap 0 --method " + std::string(segments_of_16);
  const auto found = command::engram(line + " --rate 500", folder.path);
  INFO(found.err);
  REQUIRE(found.exit == 0);
  for (const auto &table : nlohmann::json::parse(command::last_line(found.out)).at("tables"))
    if (table.at("method") == "spectrum")
      CHECK(table.at("rows").at(0).at("values").at(0).get<double>() == Approx(0.0071368939764).epsilon(1e-4));
  const auto without = command::engram(line, folder.path);
  CHECK(without.exit == 2);
  CHECK_THAT(without.err, ContainsSubstring("no sampling rate is known"));
  CHECK(command::engram(line + " --rate 0", folder.path).exit == 2);
}
