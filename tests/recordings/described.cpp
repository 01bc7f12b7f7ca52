// These tests describe planted areas by the methods that give tables.
#include "catch.hpp"
#include "measures/lagged_regression.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/results.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

using namespace engram;
using recordings::testing::value_of;

namespace {

numeric::Random drawn_by(std::uint64_t seed) { return {seed, numeric::Purpose::noise, 0}; }

recordings::Area area_of_bins(const std::vector<std::string> &conditions, const std::vector<arma::cube> &bins) {
  recordings::Area area;
  area.name = "A";
  area.conditions = conditions;
  area.condition_count = bins[0].n_rows;
  recordings::Responses responses;
  responses.conditions = conditions;
  for (arma::uword n = 0; n < bins[0].n_cols; ++n) responses.neurons.push_back("n" + std::to_string(n));
  responses.values = bins;
  area.responses = std::move(responses);
  return area;
}

// C × N × 1.
arma::cube once(const arma::mat &x) {
  arma::cube out(x.n_rows, x.n_cols, 1);
  out.slice(0) = x;
  return out;
}

recordings::Comparison described_by(const recordings::Area &area, const std::string &type,
                                    const std::map<std::string, recordings::Value> &settings = {}) {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {{type, settings}};
  return recordings::compare(config, {area}, {}, {}, {});
}

double cell_in(const recordings::Comparison &found, const std::string &row, const std::string &column) {
  REQUIRE_FALSE(found.tables.empty());
  const auto &table = found.tables[0];
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    for (std::size_t k = 0; k < table.columns.size(); ++k)
      if (table.rows[r] == row && table.columns[k] == column) return table.values(r, k);
  FAIL("no " << row << ", " << column);
  return 0;
}

template <class T> void give(std::function<const T &(std::vector<std::string> &)> &covariate, const T &value) {
  covariate = [kept = std::make_shared<T>(value)](std::vector<std::string> &) -> const T & { return *kept; };
}

} // namespace

TEST_CASE("mean responses are over trials, and then over neurons", "[recordings]") {
  arma::cube first(2, 2, 2), second(2, 2, 2, arma::fill::ones);
  first.slice(0) = arma::mat{{1, 10}, {3, 30}};
  first.slice(1) = arma::mat{{2, arma::datum::nan}, {arma::datum::nan, arma::datum::nan}};
  auto area = area_of_bins({"left", "right"}, {first, second});
  area.responses->times = {50, 150};
  const auto found = described_by(area, "responses");
  CHECK(cell_in(found, "left", "50 ms") == Approx((1.5 + 10) / 2));
  CHECK(cell_in(found, "right", "50 ms") == Approx(16.5));
  CHECK(cell_in(found, "left", "trials") == 2);
  CHECK(cell_in(found, "right", "trials") == 1);
  CHECK(cell_in(found, "right", "150 ms") == 1);
  const auto values = described_by(area, "values");
  CHECK(cell_in(values, "A", "count") == 13);
  CHECK(cell_in(values, "A", "missing") == 3);
  CHECK(value_of(values, "values.greatest") == 30);
}

TEST_CASE("repeats are compared where they are, in each bin", "[recordings]") {
  arma::cube counts(3, 1, 3);
  counts.slice(0) = arma::vec{1, 2, 9};
  counts.slice(1) = arma::vec{3, arma::datum::nan, 9};
  counts.slice(2) = arma::vec{5, 6, 9};
  auto area = area_of_bins({"a", "b", "c"}, {counts, 2 * counts});
  area.responses->times = {5, 15};
  const auto found = described_by(area, "repeats", {{"seconds", 0.5}});
  // Variances 4, 8 and 0, means 3, 4 and 9: 4 / (16 / 3) of counts that are half of these rates.
  CHECK(cell_in(found, "n0", "Fano factor") == Approx(0.5 * 1.5 * 0.75));
  std::vector<double> by_time;
  for (const auto &result : found.results)
    if (result.method == "repeats.fano" && std::isfinite(result.time)) by_time.push_back(result.value);
  REQUIRE(by_time.size() == 2);
  CHECK(by_time[0] == Approx(0.5 * 0.75));
  CHECK(by_time[1] == Approx(0.75));
}

TEST_CASE("a planted filter is found in responses by sample", "[recordings]") {
  const auto random = drawn_by(4);
  recordings::Stimulus stimulus;
  stimulus.name = "sound";
  stimulus.step = 10;
  stimulus.values.set_size(240, 2);
  for (arma::uword k = 0; k < stimulus.values.n_elem; ++k) stimulus.values(k) = random.uniform(k);
  stimulus.pieces.set_size(240);
  for (arma::uword k = 0; k < 240; ++k) stimulus.pieces[k] = static_cast<double>(k / 80);
  const arma::mat field{{0, 0.5}, {3, -1}, {1, 0}}; // lags × values
  const arma::mat response = measures::lagged(stimulus.values, 3, {0, 80, 160}) * arma::vectorise(field) + 2;
  auto area = area_of_bins({}, {once(response)});
  give(area.covariates.stimulus, stimulus);
  const auto found = described_by(area, "linear_filter", {{"lags", 3.0}, {"folds", 3.0}});
  CHECK(found.lacks.empty());
  CHECK(value_of(found, "linear_filter.r_squared") == Approx(1));
  CHECK(value_of(found, "linear_filter.held_out_r") == Approx(1));
  CHECK(cell_in(found, "n0", "greatest") == Approx(3));
  CHECK(cell_in(found, "n0", "power at 10 ms") == Approx(10 / 11.25));
  CHECK(cell_in(found, "n0", "sum of value 1") == Approx(4));
  CHECK(cell_in(found, "n0", "sum of value 2") == Approx(-0.5));
  // Beside the stimuli of the next piece the response is noise.
  const auto moved = described_by(area, "linear_filter", {{"lags", 3.0}, {"folds", 3.0}, {"moved", 1.0}});
  CHECK(std::abs(value_of(moved, "linear_filter.held_out_r")) < 4 / std::sqrt(240));
  const auto around = described_by(area, "linear_filter", {{"lags", 3.0}, {"folds", 3.0}, {"moved", 3.0}});
  CHECK(value_of(around, "linear_filter.held_out_r") == Approx(1));
}

TEST_CASE("trials go to the nearest mean without themselves", "[recordings]") {
  arma::cube trials(2, 1, 3);
  trials.slice(0) = arma::vec{0, 10};
  trials.slice(1) = arma::vec{1, 11};
  trials.slice(2) = arma::vec{9, arma::datum::nan}; // nearer to the mean of the second
  const auto found = described_by(area_of_bins({"a", "b"}, {trials}), "nearest_mean");
  CHECK(value_of(found, "nearest_mean") == Approx(4.0 / 5));
  CHECK(value_of(found, "nearest_mean.chance") == Approx(3.0 / 5));
  CHECK(cell_in(found, "a", "taken for b") == 1);
  CHECK(cell_in(found, "b", "right") == 1);
}

TEST_CASE("a bump on a ring follows the heading at its frames", "[recordings]") {
  constexpr double degree = std::numbers::pi / 180;
  std::vector<arma::cube> frames;
  std::vector<double> times;
  recordings::Position position;
  position.path.time = arma::regspace(0, 10, 1000);
  position.path.x = position.path.y = arma::vec(101, arma::fill::value(arma::datum::nan));
  position.direction = arma::regspace(170, 5, 670) - 360; // wraps when it is read as radians
  for (int k = -1; k < 20; ++k) {                         // the first frame is before the heading
    arma::mat row(1, 8);
    const double heading = 170 + 5 * (5 * k + 3); // at the first sample that is not before 50 k + 25 ms
    for (arma::uword n = 0; n < 8; ++n)
      row[n] = 1 + std::cos(0.5 * heading * degree - static_cast<double>(n) * 45 * degree);
    frames.push_back(once(row));
    times.push_back(50 * k + 25);
  }
  auto area = area_of_bins({"1"}, frames);
  area.responses->times = times;
  give(area.covariates.position, position);
  const auto found = described_by(area, "ring");
  CHECK(found.lacks.empty());
  CHECK(value_of(found, "ring.frames") == 20);
  CHECK(value_of(found, "ring.interval_ms") == Approx(50));
  CHECK(value_of(found, "ring.slope") == Approx(0.5));
  CHECK(value_of(found, "ring.r") == Approx(1));
  CHECK(value_of(found, "ring.vector_length") == Approx(0.5));
  CHECK(value_of(found, "ring.turns") == Approx(19 * 25 / 360.0));
}

TEST_CASE("a code that stays correlates between bins, and one that turns does not", "[recordings]") {
  const auto random = drawn_by(9);
  arma::mat stays(1, 200), turns(1, 200);
  for (arma::uword n = 0; n < 200; ++n) {
    stays[n] = random.uniform(n) - 0.3;
    turns[n] = random.uniform(n, 1) - 0.5;
  }
  const arma::mat zero(1, 200, arma::fill::zeros);
  const auto bins_of = [&](const arma::mat &first, const arma::mat &second) {
    return std::vector<arma::cube>{once(arma::join_cols(first, zero)), once(arma::join_cols(second, zero))};
  };
  const std::map<std::string, recordings::Value> pair{{"preferred", std::string("here")},
                                                      {"other", std::string("there")}};
  const auto kept = described_by(area_of_bins({"here", "there"}, bins_of(stays, 2 * stays)), "selectivity", pair);
  CHECK(value_of(kept, "selectivity.first_and_last_bin") == Approx(1));
  CHECK(value_of(kept, "selectivity.share_positive") ==
        Approx(static_cast<double>(arma::accu(stays > 0)) / 200).epsilon(1e-12));
  const auto moved = described_by(area_of_bins({"here", "there"}, bins_of(stays, turns)), "selectivity", pair);
  CHECK(std::abs(value_of(moved, "selectivity.first_and_last_bin")) < 4 / std::sqrt(200));
  const auto strange = described_by(area_of_bins({"here", "there"}, bins_of(stays, turns)), "selectivity",
                                    {{"preferred", std::string("nowhere")}, {"other", std::string("there")}});
  REQUIRE(strange.lacks.size() == 1);
  CHECK_THAT(strange.lacks[0], ContainsSubstring("has no condition 'nowhere'"));
}

TEST_CASE("like stimuli have like responses, unless these are moved on", "[recordings]") {
  const auto random = drawn_by(6);
  recordings::Stimulus stimulus;
  stimulus.name = "patterns";
  stimulus.values.set_size(200, 3);
  for (arma::uword p = 0; p < 3; ++p) {
    for (arma::uword k = 0; k < 100; ++k) stimulus.values(k, p) = random.uniform(k, p);
    for (arma::uword k = 0; k < 100; ++k) // each has its nearest there, in another order
      stimulus.values(k + 100, p) = stimulus.values(37 * k % 100, p) + 1e-3;
  }
  auto area = area_of_bins({}, {once(arma::sum(stimulus.values, 1))});
  give(area.covariates.stimulus, stimulus);
  CHECK(value_of(described_by(area, "smoothness", {{"apart", 10.0}}), "smoothness.nearest") > 0.999);
  CHECK(std::abs(value_of(described_by(area, "smoothness", {{"apart", 10.0}, {"moved", 37.0}}), "smoothness.nearest")) <
        0.5);
}

TEST_CASE("pictures and movies are described by what was shown", "[recordings]") {
  recordings::Stimulus stimulus;
  stimulus.name = "movie";
  stimulus.height = stimulus.width = 32;
  stimulus.values.set_size(4, 1024);
  for (arma::uword k = 0; k < 4; ++k)
    for (arma::uword p = 0; p < 1024; ++p)
      stimulus.values(k, p) = (k < 2 ? 0 : 50) + std::cos(2 * std::numbers::pi * 5 * static_cast<double>(p % 32) / 32);
  recordings::Area area;
  area.name = "A";
  give(area.covariates.stimulus, stimulus);
  const auto found = described_by(
      area, "pictures",
      {{"frequencies", std::string("2+8")}, {"together", 2.0}, {"lags", std::string("1+2")}, {"cut", 10.0}});
  CHECK(found.lacks.empty());
  CHECK(value_of(found, "pictures.mean") == Approx(25).margin(1e-9));
  CHECK(value_of(found, "pictures.cuts") == 1);
  REQUIRE(found.tables.size() == 2);
  CHECK(found.tables[0].rows.size() == 2);             // pairs of pictures
  CHECK(found.tables[1].values(0, 0) == Approx(0.25)); // −25 −25 25 25: 1 − 1 + 1 of 4
  CHECK(found.tables[1].values(0, 1) == Approx(-0.5));
}

// Waves of three directions make a lattice; a walk over the whole arena, and a spike now and then where they are high.
TEST_CASE("a planted grid cell exceeds its shuffles, and a cell that fires anywhere does not", "[recordings]") {
  const auto random = drawn_by(2);
  recordings::Position position;
  position.name = "walk";
  auto &path = position.path;
  constexpr arma::uword samples = 30'000; // 10 minutes
  path.time = arma::regspace(0, 20, 20.0 * samples);
  path.x = path.y = arma::vec(path.time.n_elem);
  double x = 50, y = 50, heading = 0;
  for (arma::uword k = 0; k < path.time.n_elem; ++k) {
    heading += 0.6 * (random.uniform(k) - 0.5);
    x += std::cos(heading);
    y += std::sin(heading);
    if (x < 0 || x > 100 || y < 0 || y > 100) heading += 0.5 * std::numbers::pi;
    x = std::clamp(x, 0.0, 100.0);
    y = std::clamp(y, 0.0, 100.0);
    path.x[k] = x;
    path.y[k] = y;
  }
  position.direction = arma::vec(path.time.n_elem, arma::fill::zeros);
  recordings::Area area;
  area.name = "MEC";
  area.units = {"grid", "anywhere"};
  area.trains.resize(2);
  for (arma::uword k = 0; k + 1 < path.time.n_elem; ++k) {
    double wave = 0;
    for (const double turn : {10.0, 70.0, 130.0})
      wave += std::cos(
          2 * std::numbers::pi / 30 *
          (path.x[k] * std::cos(turn * std::numbers::pi / 180) + path.y[k] * std::sin(turn * std::numbers::pi / 180)));
    if (wave > 1 && random.uniform(k, 1) < 0.3) area.trains[0].push_back(path.time[k] + 1);
    if (random.uniform(k, 2) < 0.05) area.trains[1].push_back(path.time[k] + 1);
  }
  area.observed = {0, path.time.back()};
  give(area.covariates.position, position);
  const auto found = described_by(area, "grid", {{"shuffles", 20.0}});
  CHECK(found.lacks.empty());
  CHECK(cell_in(found, "grid", "score") > 0.8);
  CHECK(cell_in(found, "grid", "rank") == 20);
  // Walls cut the Gaussian by which maps are smoothed, and so move peaks outwards: at 7.5 cm the map of this rate,
  // known everywhere, has a spacing 3.9 % too great, and without walls 0.1 %.
  constexpr double spacing = 30 * 2 / std::numbers::sqrt3;
  CHECK(cell_in(found, "grid", "spacing cm") == Approx(1.039 * spacing).epsilon(0.02));
  const auto sharper = described_by(area, "grid", {{"shuffles", 20.0}, {"smoothing", 3.0}});
  CHECK(cell_in(sharper, "grid", "spacing cm") == Approx(spacing).epsilon(0.02));
  CHECK(std::abs(cell_in(sharper, "grid", "spacing of bins cm") - spacing) < 0.71 * 5); // by half a bin each way
  CHECK(cell_in(found, "grid", "fields") > 3);
  CHECK(cell_in(found, "anywhere", "score") < cell_in(found, "grid", "score") - 0.5);
  CHECK(cell_in(found, "anywhere", "bits/spike") < 0.3);
  CHECK(value_of(sharper, "grid.spacing_cm") == cell_in(sharper, "grid", "spacing cm"));

  const auto walk = described_by(area, "path");
  CHECK(value_of(walk, "path.share_visited") > 0.95);
  CHECK(value_of(walk, "path.median_speed_cm_s") == Approx(50)); // 1 cm in 20 ms
  const auto turned = described_by(area, "head_direction", {{"bins", 4.0}});
  CHECK(cell_in(turned, "grid", "vector length") == Approx(1)); // it looks one way
  CHECK(cell_in(turned, "grid", "direction") == Approx(45));
}

TEST_CASE("pairs of spikes by lag are a table, and are relative to chance where asked", "[recordings]") {
  recordings::Area area;
  area.name = "A";
  area.units = {"a", "b"};
  area.trains = {{10, 30, 50, 110}, {14, 34, 54}}; // b follows a by 4 ms
  area.observed = {0, 200};
  const auto found = described_by(area, "correlogram", {{"bin", 2.0}, {"reach", 6.0}});
  CHECK(cell_in(found, "a to b", "4 ms") == 3);
  CHECK(cell_in(found, "a to b", "-4 ms") == 0);
  CHECK(cell_in(found, "a to b", "first spikes") == 4);
  CHECK(cell_in(found, "a with itself", "0 ms") == 0);
  CHECK(value_of(found, "correlogram.at_0") == 0);
  const auto relative = described_by(area, "correlogram", {{"bin", 2.0}, {"reach", 6.0}, {"relative", true}});
  // 4 · 3 / 200² pairs a ms², in bins of 2 ms, over 200 − 4 ms.
  CHECK(cell_in(relative, "a to b", "4 ms") == Approx(3 / (12.0 / 40000 * 2 * 196)));
}

// Independent Poisson trains have as many pairs at each lag as chance gives.
TEST_CASE("correlograms of independent trains are at chance", "[recordings]") {
  const auto random = drawn_by(17);
  recordings::Area area;
  area.name = "A";
  area.units = {"a", "b"};
  area.trains.resize(2);
  for (arma::uword k = 0; k < 60'000; ++k)
    for (arma::uword u = 0; u < 2; ++u)
      if (random.uniform(k, u) < 0.1) area.trains[u].push_back(static_cast<double>(k) + random.uniform(k, u + 2));
  area.observed = {0, 60'000};
  const auto found = described_by(area, "correlogram", {{"bin", 5.0}, {"reach", 20.0}, {"relative", true}});
  // 6000² / 60000² · 5 · 60000 = 3000 pairs a bin: a deviation of 1.8 %.
  for (const char *lag : {"-20 ms", "-5 ms", "0 ms", "10 ms", "20 ms"}) {
    CHECK(cell_in(found, "a to b", lag) == Approx(1).margin(0.08));
    if (std::string(lag) != "0 ms") CHECK(cell_in(found, "b with itself", lag) == Approx(1).margin(0.08));
  }
}

// Two units that fire together every 25 ms, and one of which nothing is known for as long as a segment.
TEST_CASE("units have a spectrum, and pairs a coherence", "[recordings]") {
  recordings::Area area;
  area.name = "A";
  area.units = {"a", "b", "brief"};
  area.trains.resize(3);
  const auto random = drawn_by(5);
  for (arma::uword k = 0; k < 400; ++k)
    for (arma::uword u = 0; u < 2; ++u)
      area.trains[u].push_back(25 * static_cast<double>(k) + 5 + 2 * random.uniform(k, u));
  const auto all = std::make_shared<measures::Observation>(measures::Observation{{0, 10'000}});
  area.watched = {all, all, std::make_shared<measures::Observation>(measures::Observation{{0, 100}})};
  area.observed = {0, 10'000};
  const auto found = described_by(area, "spectrum", {{"greatest", 60.0}});
  CHECK(value_of(found, "spectrum.peak_hz") == Approx(40));
  CHECK(found.tables.at(0).columns == std::vector<std::string>{"a", "b"});
  CHECK(cell_in(found, "40 Hz", "a") > 100 * cell_in(found, "30 Hz", "a"));
  CHECK(found.tables.at(1).columns == std::vector<std::string>{"a and b"});
  CHECK(found.tables[1].values(39, 0) > 0.95); // 40 Hz
  CHECK(std::any_of(found.notes.begin(), found.notes.end(), [](const auto &note) {
    return note.find("1 of 3 units were never observed for as long as a segment") != std::string::npos;
  }));
}

TEST_CASE("counts and tiling are of the time that was observed", "[recordings]") {
  recordings::Area area;
  area.name = "V1";
  area.units = {"a", "b", "never"};
  area.trains = {{10, 30, 60, 110, 120}, {11, 31, 61, 111, 121}, {}};
  area.observed = {0, 200};
  const auto both = std::make_shared<const measures::Observation>(measures::Observation{{0, 100}, {100, 200}});
  area.watched = {both, both, std::make_shared<const measures::Observation>()};
  const auto found = described_by(area, "counts", {{"bin", 50.0}});
  CHECK(found.tables.at(0).rows == std::vector<std::string>{"a", "b"});
  CHECK(cell_in(found, "a", "Hz") == Approx(25));
  CHECK(cell_in(found, "a", "ISI ms") == Approx((20 + 30 + 10) / 3.0)); // not from 60 to 110
  CHECK(cell_in(found, "a", "least ISI ms") == Approx(10));
  CHECK(cell_in(found, "a", "Fano factor") == Approx(11.0 / 12 / 1.25)); // counts 2, 1, 2, 0
  const auto tiled = described_by(area, "tiling", {{"dt", 2.0}});
  CHECK(value_of(tiled, "tiling") == Approx(1)); // each spike has a partner within 2 ms: (1 - T) / (1 - T)
}
