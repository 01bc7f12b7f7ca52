// These tests compute the ring score of planted maps, whose correlations are known.
#include "measures/grid_ring.hpp"

#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;

namespace {

// cos(order φ) about the middle of a map with this reach.
arma::mat petals(int reach, double order) {
  const auto side = static_cast<arma::uword>(2 * reach + 1);
  arma::mat out(side, side);
  for (int j = -reach; j <= reach; ++j)
    for (int i = -reach; i <= reach; ++i)
      out(static_cast<arma::uword>(i + reach), static_cast<arma::uword>(j + reach)) =
          std::cos(order * std::atan2(i, j));
  return out;
}

} // namespace

// A ring of cos(6 φ) correlates with itself by cos(6 · 60°) = 1 and cos(6 · 30°) = −1, so it has the score 2; cos(4 φ)
// has min(cos 240°, cos 480°) − max(cos 120°, cos 360°, cos 600°) = −1/2 − 1.
TEST_CASE("petals have the ring score of their symmetry", "[measures]") {
  CHECK(ring_score(petals(60, 6), 36) == Approx(2).margin(0.01));
  CHECK(ring_score(petals(60, 4), 36) == Approx(-1.5).margin(0.01));
  arma::mat without = petals(60, 6);
  without.submat(0, 0, 70, 40).fill(arma::datum::nan); // what is known in both tells the same
  CHECK(ring_score(without, 36) == Approx(2).margin(0.02));
  CHECK(std::isnan(ring_score(arma::mat(9, 9, arma::fill::ones), 3)));
  CHECK(std::isnan(ring_score(petals(5, 6), arma::datum::nan)));
  CHECK_THROWS_AS(ring_score(arma::mat(4, 5), 2), std::invalid_argument);
}

TEST_CASE("peaks are greater than all their neighbours, and six of them give the spacing", "[measures]") {
  arma::mat map(21, 21, arma::fill::value(-1));
  map(10, 10) = 1;
  for (const auto &[i, j] : {std::pair{10, 15}, {10, 5}, {14, 13}, {6, 7}, {14, 7}, {6, 13}, {0, 0}})
    map(static_cast<arma::uword>(i), static_cast<arma::uword>(j)) = 0.5;
  map(20, 20) = map(20, 19) = 0.4; // equals: neither is a peak
  map(3, 10) = -0.5;               // below 0
  const arma::vec distance = peak_distances(map);
  REQUIRE(distance.n_elem == 7);
  CHECK(distance[5] == Approx(5));
  CHECK(distance[6] == Approx(std::sqrt(200)));
  CHECK(spacing_of(distance) == Approx(5));
  CHECK(spacing_of({3, 4, 5, 6, 7, 8, 9}) == Approx(5.5));
  CHECK(std::isnan(spacing_of({1, 2, 3, 4, 5})));
  CHECK_THROWS_AS(peak_distances(arma::mat(4, 5)), std::invalid_argument);
}

// A lattice of three waves of length λ has the spacing 2 λ / √3, whatever the size of its bins.
TEST_CASE("the spacing of a lattice is found between bins", "[measures]") {
  for (const double wave : {5.3, 6.0, 7.4}) {
    arma::mat map(41, 41);
    for (int j = -20; j <= 20; ++j)
      for (int i = -20; i <= 20; ++i) {
        double sum = 0;
        for (const double turn : {10.0, 70.0, 130.0})
          sum += std::cos(2 * std::numbers::pi / wave *
                          (j * std::cos(turn * std::numbers::pi / 180) + i * std::sin(turn * std::numbers::pi / 180)));
        map(static_cast<arma::uword>(i + 20), static_cast<arma::uword>(j + 20)) = sum / 3;
      }
    CHECK(spacing_of(peak_distances(map, true)) == Approx(2 * wave / std::sqrt(3)).epsilon(0.005));
    CHECK(std::abs(spacing_of(peak_distances(map)) - 2 * wave / std::sqrt(3)) < 0.71);
  }
}

TEST_CASE("a shuffle moves all spikes on, around the recording", "[measures]") {
  const SpikeTrain train{1000, 2000, 70'000, 99'000};
  // Of 3 shuffles of 100 s with 20 s at both ends, the second moves by 20 + 60 · 2/4 = 50 s.
  const auto moved = circularly_shifted(train, {0, 100'000}, 2, 3);
  REQUIRE(moved.size() == 4);
  CHECK(moved[0] == Approx(20'000));
  CHECK(moved[1] == Approx(49'000));
  CHECK(moved[2] == Approx(51'000));
  CHECK(moved[3] == Approx(52'000));
  CHECK(circularly_shifted({1500}, {1000, 101'000}, 1, 1)[0] == Approx(51'500));
  CHECK_THROWS_AS(circularly_shifted(train, {0, 100'000}, 0, 3), std::invalid_argument);
  CHECK_THROWS_AS(circularly_shifted(train, {0, 100'000}, 1, 3, 50'000), std::invalid_argument);
  CHECK_THROWS_AS(circularly_shifted({2, 1}, {0, 100'000}, 1, 3), NotApplicable);
}
