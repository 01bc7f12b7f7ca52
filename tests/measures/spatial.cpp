// These tests compare rate maps and scores with SciPy and loops (tests/measures/reference/spatial.py), and with planted
// grid, border and place cells.
#include "measures/spatial.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"
#include "measures/stored.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

bool same(const arma::mat &a, const arma::mat &b, double margin) {
  if (arma::size(a) != arma::size(b)) return false;
  for (arma::uword k = 0; k < a.n_elem; ++k)
    if (std::isnan(a(k)) != std::isnan(b(k)) || std::abs(a(k) - b(k)) > margin) return false;
  return true;
}

// 40 × 40 bins of 2.5 cm, f(x, y) in cm.
template <class F> arma::mat map_of(F f) {
  arma::mat out(40, 40);
  for (arma::uword j = 0; j < 40; ++j)
    for (arma::uword i = 0; i < 40; ++i)
      out(i, j) = f(2.5 * (static_cast<double>(j) + 0.5), 2.5 * (static_cast<double>(i) + 0.5));
  return out;
}

// Plane waves of these directions (degrees): three at 60° make a hexagonal grid, two at 90° a square one.
double waves(double x, double y, double spacing, const std::vector<double> &directions) {
  double sum = 0;
  for (const double d : directions) {
    const double a = d * std::numbers::pi / 180;
    sum += std::cos(2 * std::numbers::pi / spacing * (x * std::cos(a) + y * std::sin(a)));
  }
  return std::max(0.0, sum + 1);
}

} // namespace

TEST_CASE("rate maps, information and autocorrelograms are those of SciPy and NumPy", "[measures]") {
  const auto e = stored("spatial");
  const Path path{vector_of(e["time"]), vector_of(e["x"]), vector_of(e["y"])};
  const Arena arena{0, 35, 0, 30, 2.5};
  const auto map = rate_map(path, e["spikes"].get<SpikeTrain>(), arena, {4, 20, 100});
  CHECK(same(map.occupancy, matrix_of(e["occupancy"]), 1e-9));
  CHECK(same(map.spikes, matrix_of(e["counts"]), 0));
  CHECK(same(map.rate, matrix_of(e["rate"]), 1e-11));
  const auto information = spatial_information(map.rate, map.occupancy);
  CHECK(information.bits_per_second == Approx(e["information"]["bits_per_second"].get<double>()).epsilon(1e-12));
  CHECK(information.bits_per_spike == Approx(e["information"]["bits_per_spike"].get<double>()).epsilon(1e-12));
  CHECK(information.sparsity == Approx(e["information"]["sparsity"].get<double>()).epsilon(1e-12));
  CHECK(same(spatial_autocorrelogram(map.rate), matrix_of(e["autocorrelogram"]), 1e-10));
}

TEST_CASE("grid and border scores are those of SciPy", "[measures]") {
  const auto expected = stored("spatial");
  for (const auto &e : expected["maps"]) {
    const arma::mat rate = matrix_of(e["rate"]);
    const auto grid = grid_score(spatial_autocorrelogram(rate), 4);
    CHECK(grid.score == Approx(e["grid"]["score"].get<double>()).margin(1e-9));
    CHECK(grid.inner == e["grid"]["inner"].get<double>());
    CHECK(grid.outer == e["grid"]["outer"].get<double>());
    const auto border = border_score(rate, 2.5);
    CHECK(border.score == Approx(e["border"]["score"].get<double>()).margin(1e-12));
    CHECK(border.coverage == Approx(e["border"]["coverage"].get<double>()).margin(1e-12));
    CHECK(border.distance == Approx(e["border"]["distance"].get<double>()).margin(1e-12));
  }
}

TEST_CASE("a planted grid cell has a high grid score, and other cells have not", "[measures]") {
  for (const double turn : {0.0, 7.0, 21.0}) {
    const auto hexagonal = map_of([&](double x, double y) { return waves(x, y, 30, {turn, turn + 60, turn + 120}); });
    CHECK(grid_score(spatial_autocorrelogram(hexagonal)).score > 1.2);
    const auto square = map_of([&](double x, double y) { return waves(x, y, 30, {turn, turn + 90}); });
    CHECK(grid_score(spatial_autocorrelogram(square)).score < 0);
  }
  const auto place =
      map_of([](double x, double y) { return std::exp(-(std::pow(x - 40, 2) + std::pow(y - 60, 2)) / 200); });
  CHECK(grid_score(spatial_autocorrelogram(place)).score < 0.3);
}

// Waves of period w at 60° make a lattice whose fields are 2 w / √3 apart, 30° from the waves.
TEST_CASE("a grid has the spacing and orientation that it was planted with", "[measures]") {
  for (const double period : {18.0, 33.0})
    for (const double turn : {3.0, 17.0, 40.0}) {
      INFO("period " << period << ", turned by " << turn);
      const auto map = map_of([&](double x, double y) { return waves(x, y, period, {turn, turn + 60, turn + 120}); });
      const auto grid = grid_score(spatial_autocorrelogram(map));
      CHECK(2.5 * grid.spacing == Approx(2 * period / std::sqrt(3)).epsilon(0.02));
      CHECK(std::abs(std::remainder(grid.orientation - (turn + 30), 60)) < 1.5);
      CHECK(grid.orientation >= 0);
      CHECK(grid.orientation < 62); // a grid of 40 bins is not quite regular
    }
  const auto place =
      map_of([](double x, double y) { return std::exp(-(std::pow(x - 40, 2) + std::pow(y - 60, 2)) / 200); });
  const auto none = grid_score(spatial_autocorrelogram(place));
  CHECK(std::isnan(none.spacing));
  CHECK(std::isnan(none.orientation));
}

TEST_CASE("a planted border cell has a high border score, and other cells have not", "[measures]") {
  const auto border = map_of([](double x, double) { return x < 5 ? 10.0 : 0.0; });
  const auto b = border_score(border, 2.5);
  CHECK(b.coverage == 1);
  // Two bins deep: 42 bins have their middle half a bin from a wall (two of them at the ends), 38 one and a half.
  CHECK(b.distance == Approx((42 * 0.5 + 38 * 1.5) / 80 / 20).epsilon(1e-14));
  CHECK(b.score > 0.85);
  const auto centre = map_of([](double x, double y) { return std::hypot(x - 50, y - 50) < 10 ? 10.0 : 0.0; });
  CHECK(border_score(centre, 2.5).score < -0.99);
  CHECK(border_score(centre, 2.5).coverage == 0);
  const auto small = map_of([](double x, double y) { return x < 10 && y < 15 ? 10.0 : 0.0; });
  CHECK(std::isnan(border_score(small, 2.5).score)); // 150 cm²
  CHECK(border_score(small, 2.5, 0.3, 150).coverage == 0.15);
}

// A share s of the arena with all spikes: log₂(1 / s) bits per spike (Skaggs et al. 1993).
TEST_CASE("spatial information is that of where the spikes are", "[measures]") {
  const arma::mat occupancy(4, 4, arma::fill::value(500));
  arma::mat rate(4, 4, arma::fill::zeros);
  rate(2, 1) = rate(0, 0) = 8;
  const auto two = spatial_information(rate, occupancy);
  CHECK(two.bits_per_spike == Approx(3).epsilon(1e-14));
  CHECK(two.bits_per_second == Approx(3).epsilon(1e-14)); // at a mean of 1 Hz
  CHECK(two.sparsity == Approx(0.125).epsilon(1e-14));
  CHECK(spatial_information(arma::mat(4, 4, arma::fill::ones), occupancy).bits_per_spike == 0);
  CHECK(std::isnan(spatial_information(0 * rate, occupancy).bits_per_spike));
  rate(3, 3) = arma::datum::nan; // as not visited
  CHECK(spatial_information(rate, occupancy).bits_per_spike == Approx(std::log2(7.5)).epsilon(1e-14));
}

TEST_CASE("a rate is spikes over time where the animal was, and NaN elsewhere", "[measures]") {
  const Path path{{0, 100, 200, 2000, 2100}, {1, 1, 11, 11, 21}, {1, 1, 1, 1, 1}};
  const Arena arena{0, 20, 0, 10, 10};
  const auto map = rate_map(path, {50, 150, 150, 1000, 2050, 2100}, arena, {0, 0, 1000});
  CHECK(same(map.occupancy, arma::mat{{200.0, 100.0}}, 0)); // 1800 ms are a gap, and 21 cm is outside
  CHECK(same(map.spikes, arma::mat{{3.0, 1.0}}, 0));
  CHECK(same(map.rate, arma::mat{{15.0, 10.0}}, 1e-12));
  // Smoothing leaves a rate that is the same everywhere as it is.
  const Path two{{0, 100, 200}, {1, 11, 1}, {1, 1, 1}};
  const auto smooth = rate_map(two, {50, 150}, {0, 30, 0, 10, 10}, {20, 0, 1000});
  CHECK(same(smooth.rate, arma::mat{{10.0, 10.0, arma::datum::nan}}, 1e-12));
}

TEST_CASE("spatial measures refuse what they cannot measure", "[measures]") {
  const Path path{{0, 1}, {0, 0}, {0, 0}};
  CHECK_THROWS_AS(rate_map({{0, 0}, {0, 0}, {0, 0}}, {}, {}), NotApplicable);
  CHECK_THROWS_AS(rate_map({{0, 1}, {0}, {0, 0}}, {}, {}), NotApplicable);
  CHECK_THROWS_AS(rate_map(path, {2, 1}, {}), NotApplicable);
  CHECK_THROWS_AS(rate_map(path, {}, {0, 10, 0, 10, 3}), NotApplicable);
  CHECK_THROWS_AS(rate_map(path, {}, {}, {-1, 0, 0}), std::invalid_argument);
  CHECK_THROWS_AS(spatial_information(arma::mat(2, 2), arma::mat(2, 3)), std::invalid_argument);
  CHECK_THROWS_AS(spatial_autocorrelogram(arma::mat()), NotApplicable);
  CHECK_THROWS_AS(grid_score(arma::mat(4, 5)), std::invalid_argument);
  CHECK_THROWS_AS(border_score(arma::mat(4, 4), 0), std::invalid_argument);
  CHECK(spatial_autocorrelogram(arma::mat(5, 5, arma::fill::ones)).has_nan());
  CHECK(std::isnan(grid_score(arma::mat(9, 9).fill(arma::datum::nan)).score));
  CHECK(std::isnan(border_score(arma::mat(4, 4, arma::fill::zeros), 2.5).score));
}
