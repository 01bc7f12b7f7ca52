// These tests go from an NWB file to receptive fields and rate maps. Some are planted by the test, and one is a
// grasshopper's.
#include "catch.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/planted_nwb.hpp"
#include "recordings/uniform.hpp"
#include "report/comparison_figures.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

using namespace engram;
using data::testing::recorded;
using data::testing::TemporaryFolder;
using recordings::testing::PlantedNwb;

namespace {

numeric::Random random_of(std::uint64_t seed) { return {seed, numeric::Purpose::noise, 0}; }

arma::mat white_noise(arma::uword samples, arma::uword values, std::uint64_t seed) {
  arma::mat out(samples, values);
  for (arma::uword k = 0; k < out.n_elem; ++k) out[k] = random_of(seed).normal(k);
  return out;
}

// A spike in the middle of a sample, with a probability by sample.
std::vector<double> spikes_of(const arma::vec &probability, double start, double rate, std::uint64_t seed) {
  std::vector<double> out;
  for (arma::uword k = 0; k < probability.n_elem; ++k)
    if (random_of(seed).uniform(k) < probability[k]) out.push_back(start + (static_cast<double>(k) + 0.5) / rate);
  return out;
}

recordings::Comparison described(const recordings::Source &source, const std::string &method) {
  recordings::Config config;
  config.bootstrap = 200;
  config.methods = {recordings::method_of(method)};
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  return recordings::compare(config, {}, areas, notes, {});
}

const recordings::Result &result(const recordings::Comparison &found, const std::string &method) {
  for (const auto &r : found.results)
    if (r.method == method) return r;
  FAIL("no " << method << (found.notes.empty() ? "" : ": " + found.notes.back()));
  return found.results.front();
}

std::string figure(const recordings::Comparison &found, const std::string &wanted) {
  for (const auto &[name, drawing] : report::comparison_figures(found))
    if (name == wanted) return drawing;
  return "";
}

bool told(const recordings::Comparison &found, const std::string &what) {
  return std::any_of(found.notes.begin(), found.notes.end(),
                     [&](const auto &note) { return note.find(what) != std::string::npos; });
}

// An even Gabor function of 10 × 9 pixels, along x but for the turn.
arma::mat gabor(double turn) {
  arma::mat out(10, 9); // height × width
  for (arma::uword row = 0; row < 10; ++row)
    for (arma::uword column = 0; column < 9; ++column) {
      const double x = static_cast<double>(column) - 4, y = static_cast<double>(row) - 5,
                   a = turn * std::numbers::pi / 180;
      const double u = x * std::cos(a) + y * std::sin(a), v = -x * std::sin(a) + y * std::cos(a);
      out(row, column) =
          std::exp(-u * u / (2 * 1.5 * 1.5) - v * v / (2 * 2.0 * 2.0)) * std::cos(2 * std::numbers::pi * 0.2 * u);
    }
  return out / arma::norm(out, "fro");
}

} // namespace

TEST_CASE("planted Gabor functions are found behind white noise in an NWB file", "[recordings]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "pictures.nwb").string();
  constexpr arma::uword samples = 6000;
  constexpr double rate = 50, start = 2; // Hz, s
  const arma::mat pictures = white_noise(samples, 90, 1);
  const std::vector<double> turns{20, 75, 130};
  std::vector<std::vector<double>> trains;
  for (const double turn : turns) {
    const arma::vec filter = arma::vectorise(gabor(turn), 1).t(); // row by row
    arma::vec drive(samples, arma::fill::zeros);
    drive.tail(samples - 2) = pictures.head_rows(samples - 2) * filter; // two samples later: 40 ms
    trains.push_back(spikes_of(0.5 * arma::normcdf(2 * drive), start, rate, 10 + trains.size()));
  }
  {
    PlantedNwb file(path);
    file.units(trains);
    file.series("stimulus/presentation/noise", "ImageSeries", "contrast", pictures, start, rate, {10, 9});
  }
  recordings::Source source;
  source.file = path;
  const auto found = described(source, "receptive_field:100");
  CHECK(told(found, "the stimulus is stimulus/presentation/noise, the only one"));
  CHECK(result(found, "receptive_field.lag_ms").value == Approx(40));
  CHECK(result(found, "receptive_field.gabor_frequency").value == Approx(0.2).margin(0.02));
  CHECK(result(found, "receptive_field.gabor_sigma_x").value == Approx(1.5).margin(0.3));
  CHECK(result(found, "receptive_field.gabor_sigma_y").value == Approx(2).margin(0.4));
  CHECK(result(found, "receptive_field.gabor_r2").value > 0.7);
  CHECK(result(found, "receptive_field.separability").value > 0.6);
  CHECK(result(found, "receptive_field.peak").neurons == 3);
  CHECK_THAT(figure(found, "receptive-fields.svg"), ContainsSubstring("Gabor: R²"));
  CHECK_THAT(figure(found, "correlograms.svg"), ContainsSubstring("1 after 0"));
  REQUIRE(found.fields.size() == 1);
  REQUIRE(found.fields[0].units.size() == 3);
  for (std::size_t u = 0; u < 3; ++u) {
    const auto &unit = found.fields[0].units[u];
    REQUIRE(unit.gabor);
    CHECK(std::abs(std::remainder(unit.gabor->orientation.value - turns[u], 180)) < 6);
    const arma::rowvec wanted = arma::vectorise(gabor(turns[u]), 1);
    CHECK(arma::dot(unit.field.row(2), wanted) / arma::norm(unit.field.row(2)) > 0.85);
    CHECK(std::isnan(unit.axes)); // 90 values at once
  }
  // The same from a flat array beside the file, whose pictures are told.
  const auto flat = (folder.path / "noise.csv").string();
  arma::mat(pictures).save(flat, arma::csv_ascii);
  source.stimulus.array.file = flat;
  source.stimulus.rate = rate;
  source.stimulus.start = 1000 * start;
  source.stimulus.height = 10;
  source.stimulus.width = 9;
  const auto again = described(source, "receptive_field:100");
  CHECK(result(again, "receptive_field.peak").value ==
        Approx(result(found, "receptive_field.peak").value).epsilon(1e-6));
  CHECK(result(again, "receptive_field.gabor_sigma_y").value ==
        Approx(result(found, "receptive_field.gabor_sigma_y").value).epsilon(1e-4));
  source.stimulus.start = 1e6;
  CHECK(told(described(source, "receptive_field:100"), "no spike of units has 100 ms of noise.csv before it"));
  source.stimulus.width = 8;
  CHECK_THROWS_WITH(described(source, "receptive_field"), ContainsSubstring("10 x 8 is not 90"));
}

// A neuron that fires at either sign has no average, but an axis of the covariance.
TEST_CASE("an axis along which spikes depend on the square is found, at times that are not quite uniform",
          "[recordings]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "signal.nwb").string();
  constexpr arma::uword samples = 6000;
  const arma::mat signal = white_noise(samples, 1, 5);
  arma::vec drive(samples, arma::fill::zeros);
  drive.tail(samples - 1) = signal.head_rows(samples - 1).as_col();
  std::vector<double> times;
  for (arma::uword k = 0; k < samples; ++k)
    times.push_back(1 + 0.01 * (static_cast<double>(k) + 0.2 * random_of(6).uniform(k)));
  {
    PlantedNwb file(path);
    file.units({spikes_of(0.1 * arma::square(drive), 1, 100, 7), {}});
    file.series("stimulus/presentation/a", "TimeSeries", "dB", signal, times);
    file.series("stimulus/presentation/b", "TimeSeries", "dB", signal.head_rows(5), 0, 1);
  }
  recordings::Source source;
  source.file = path;
  const auto none = described(source, "receptive_field");
  CHECK(none.results.empty());
  CHECK(told(none, "2 series that could be the stimulus"));
  source.stimulus.series = "a";
  const auto found = described(source, "receptive_field:50");
  CHECK(result(found, "receptive_field.axes").value == 1);
  CHECK(result(found, "receptive_field.axes").neurons == 1); // the other never fires
  source.stimulus.series = "b";
  CHECK(told(described(source, "receptive_field:50000"), "the stimulus b is shorter than 50000 ms"));
  source.stimulus.series = "presentation/aa";
  CHECK_THROWS_AS(described(source, "receptive_field"), input::InputError);
}

TEST_CASE("a stimulus or position of more numbers than fit is refused before it is read", "[recordings]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "film.nwb").string();
  {
    PlantedNwb file(path);
    file.units({{0.5, 1.5}});
    file.unwritten("stimulus/presentation/film", "ImageSeries", {2000000, 100, 100}, 60);
    file.unwritten("processing/behavior/Position/led", "SpatialSeries", {1ULL << 27, 2}, 1000);
  }
  CHECK(std::filesystem::file_size(path) < 100000);
  recordings::Source source;
  source.file = path;
  const auto field = described(source, "receptive_field"), map = described(source, "rate_maps");
  CHECK(field.results.empty());
  CHECK(told(field, "receptive_field: stimulus/presentation/film has 2000000 samples of 10000 values; 134217728"));
  CHECK(map.results.empty());
  CHECK(told(map, "led has 134217728 samples of 2 values"));
}

TEST_CASE("samples at uneven times are held until the next", "[recordings]") {
  arma::mat samples{{1, 10}, {2, 20}, {3, 30}, {4, 40}};
  auto uniform = recordings::make_uniform(samples, {5, 7.3, 8.9, 11});
  CHECK_FALSE(uniform.held);
  CHECK(uniform.step == Approx(2).epsilon(1e-15));
  uniform = recordings::make_uniform(samples, {5, 6, 7, 10});
  CHECK(uniform.held);
  CHECK(uniform.start == 5);
  CHECK(uniform.step == 1);
  CHECK(arma::approx_equal(samples.col(0), arma::vec{1, 2, 3, 3, 3, 4}, "absdiff", 0));
  CHECK_THROWS_AS(recordings::make_uniform(samples, {1, 2, 3, 4, 5, 5}), measures::NotApplicable);
  CHECK_THROWS_AS(recordings::make_uniform(samples, {1, 2, 3, 4, 5, 100}), measures::NotApplicable);
}

// NumPy's numbers, from the README beside the data.
TEST_CASE("the grasshopper's receptive field comes out of its NWB file", "[recordings][recorded]") {
  recordings::Source source;
  source.file = recorded("nwb") + "/grasshopper_pynwb.nwb";
  if (!std::filesystem::exists(source.file)) {
    WARN("skipped: no " << source.file);
    return;
  }
  const auto found = described(source, "receptive_field:10");
  CHECK(result(found, "receptive_field.lag_ms").value == Approx(6.05).epsilon(1e-9));
  CHECK(result(found, "receptive_field.peak").value == Approx(0.126).margin(5e-4));
  CHECK(found.fields.at(0).units.at(0).peak > 0);
  CHECK(found.fields[0].units[0].field.n_rows == 201);
  CHECK(result(found, "receptive_field.separability").value == Approx(1));
}

namespace {

// A walk in a box of 1 m: it turns slowly, and turns away from the walls.
arma::mat walk(arma::uword samples, double step) {
  arma::mat out(samples, 2);
  double x = 0.5, y = 0.5, heading = 0;
  for (arma::uword k = 0; k < samples; ++k) {
    heading += 0.25 * random_of(8).normal(k);
    const double dx = step * std::cos(heading), dy = step * std::sin(heading);
    if (x + dx < 0 || x + dx > 1) heading = std::numbers::pi - heading;
    if (y + dy < 0 || y + dy > 1) heading = -heading;
    x = std::clamp(x + step * std::cos(heading), 0.0, 1.0);
    y = std::clamp(y + step * std::sin(heading), 0.0, 1.0);
    out.row(k) = arma::rowvec{x, y};
  }
  return out;
}

} // namespace

TEST_CASE("a planted place cell and a planted grid cell are told apart by their rate maps", "[recordings]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "walk.nwb").string();
  constexpr double rate = 25; // Hz
  const arma::mat place = walk(40000, 0.02);
  arma::vec here(place.n_rows), lattice = here;
  const double period = 0.3, turn = 12; // m, degrees
  for (arma::uword k = 0; k < place.n_rows; ++k) {
    const double x = place(k, 0), y = place(k, 1);
    here[k] = std::exp(-(std::pow(x - 0.3, 2) + std::pow(y - 0.6, 2)) / (2 * 0.12 * 0.12));
    double waves = 0;
    for (const double d : {turn, turn + 60, turn + 120})
      waves += std::cos(2 * std::numbers::pi / period *
                        (x * std::cos(d * std::numbers::pi / 180) + y * std::sin(d * std::numbers::pi / 180)));
    lattice[k] = std::max(0.0, waves + 1) / 4;
  }
  {
    PlantedNwb file(path);
    file.units({spikes_of(0.8 * here, 0, rate, 20), spikes_of(0.8 * lattice, 0, rate, 21),
                spikes_of(arma::vec(place.n_rows, arma::fill::value(0.2)), 0, rate, 22)});
    file.series("processing/behavior/Position/place", "SpatialSeries", "meters", place, 0, rate);
  }
  recordings::Source source;
  source.file = path;
  const auto found = described(source, "rate_maps");
  CHECK_THAT(figure(found, "rate-maps.svg"), ContainsSubstring("bits/spike"));
  CHECK(figure(found, "receptive-fields.svg").empty());
  REQUIRE(found.maps.size() == 1);
  const auto &maps = found.maps[0];
  CHECK(maps.arena.x_min == 0);
  CHECK(maps.arena.x_max == 100);
  REQUIRE(maps.units.size() == 3);
  const auto &field = maps.units[0], &grid = maps.units[1], &flat = maps.units[2];
  // The peak of the place cell, in bins of 2.5 cm.
  const arma::uword peak = field.rate.index_max(), column = peak / field.rate.n_rows, row = peak % field.rate.n_rows;
  CHECK(std::abs(2.5 * (static_cast<double>(column) + 0.5) - 30) < 5);
  CHECK(std::abs(2.5 * (static_cast<double>(row) + 0.5) - 60) < 5);
  CHECK(field.bits_per_spike > 1);
  CHECK(flat.bits_per_spike < 0.1);
  CHECK(grid.grid.score > 1);
  CHECK(field.grid.score < 0.5);
  CHECK(2.5 * grid.grid.spacing == Approx(100 * 2 * period / std::sqrt(3)).margin(1.5));
  CHECK(std::abs(std::remainder(grid.grid.orientation - (turn + 30), 60)) < 3);
  CHECK(field.border < 0);
  CHECK(result(found, "rate_maps.bits_per_spike").neurons == 3);
  CHECK(result(found, "rate_maps.grid_score").value ==
        Approx(arma::median(arma::vec{field.grid.score, grid.grid.score, flat.grid.score})));
  source.position.series = "plaec";
  CHECK_THROWS_AS(described(source, "rate_maps"), input::InputError);
}

TEST_CASE("what has no spikes or no stimulus says so", "[recordings]") {
  recordings::Area area;
  area.name = "V1";
  recordings::Config config;
  for (const char *name : {"receptive_field", "rate_maps", "distances", "spikes"})
    config.methods.push_back(recordings::method_of(name));
  auto found = recordings::compare(config, {area}, {}, {}, {});
  CHECK(found.results.empty());
  CHECK(found.notes == std::vector<std::string>{"receptive_field: V1 has no spikes", "rate_maps: V1 has no spikes",
                                                "distances: V1 has no spikes", "spikes: V1 has no spikes"});
  area.trains = {{1, 2}};
  area.units = {"1"};
  area.observed = {0, 3};
  found = recordings::compare(config, {area}, {}, {}, {});
  CHECK(told(found, "receptive_field: V1 has no stimulus"));
  CHECK(told(found, "rate_maps: V1 has no position"));
  CHECK(told(found, "distances: V1 has one unit alone"));
}

TEST_CASE("distances of units are the mean over pairs", "[recordings]") {
  recordings::Area area;
  area.name = "units";
  area.trains = {{10}, {14}, {10, 30}, {}};
  area.units = {"1", "2", "3", "4"};
  area.observed = {0, 40};
  recordings::Config config;
  config.methods = {recordings::method_of("distances:victor_purpura:0.25"),
                    recordings::method_of("distances:van_rossum:4")};
  const auto found = recordings::compare(config, {area}, {}, {}, {});
  // By hand, pairs in order: move by 4 ms; add; add and delete; …
  CHECK(result(found, "distances.victor_purpura:0.25").value == Approx((1 + 1 + 1 + 2 + 1 + 2) / 6.0));
  const double moved = 2 - 2 * std::exp(-1.0), far = std::exp(-5.0);         // D² of spikes 4 ms apart; 20 ms
  const double both = 3 - 2 * std::exp(-1.0) + 2 * far - 2 * std::exp(-4.0); // {14} against {10, 30}
  CHECK(result(found, "distances.van_rossum:4").value ==
        Approx((std::sqrt(moved) + 1 + 1 + std::sqrt(both) + 1 + std::sqrt(2 + 2 * far)) / 6));
  CHECK(result(found, "distances.van_rossum:4").ci.low < result(found, "distances.van_rossum:4").value);
  CHECK_THROWS_AS(recordings::method_of("distances:van_rosum"), input::InputError);
  CHECK_THROWS_AS(recordings::method_of("distances:van_rossum:-1"), input::InputError);
  CHECK_THROWS_AS(recordings::method_of("rate_maps:wide"), input::InputError);
}
