// These tests measure pictures and movies that were planted.
#include "measures/image_statistics.hpp"

#include "measures/not_applicable.hpp"
#include "measures/stored.hpp"

#include "catch.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("a wave has its power at its own frequency", "[measures]") {
  arma::cube picture(64, 64, 1);
  for (arma::uword j = 0; j < 64; ++j)
    for (arma::uword i = 0; i < 64; ++i)
      picture(i, j, 0) = 3 + std::cos(2 * std::numbers::pi * 10 * static_cast<double>(j) / 64);
  const arma::vec power = power_by_frequency(picture);
  CHECK(power.n_elem == 33);
  CHECK(power.index_max() == 10);
  CHECK(power[20] < 1e-3 * power[10]);
}

// White noise is flat: each sum over a ring of frequencies varies by 1 / √count.
TEST_CASE("white noise has a flat spectrum, and power on frequency the slope of its law", "[measures]") {
  const auto random = random_of(5);
  arma::cube pictures(64, 64, 20);
  for (arma::uword k = 0; k < pictures.n_elem; ++k) pictures(k) = random.uniform(k);
  CHECK(std::abs(spectral_slope(power_by_frequency(pictures), 4, 30)) < 0.05);
  const arma::vec frequency = arma::regspace(0, 40);
  CHECK(spectral_slope(7 * arma::pow(frequency, -2), 1, 40) == Approx(-2).epsilon(1e-12));
  CHECK(std::isnan(spectral_slope(arma::vec(10, arma::fill::zeros), 2, 5)));
  CHECK_THROWS_AS(spectral_slope(frequency, 0, 5), std::invalid_argument);
  CHECK_THROWS_AS(spectral_slope(frequency, 5, 41), std::invalid_argument);
  CHECK_THROWS_AS(power_by_frequency(arma::cube(4, 5, 1)), NotApplicable);
}

TEST_CASE("pixels keep their values as long as the movie says", "[measures]") {
  // Pixel 1: 1 1 −1 −1, pixel 2 constant. Sums of products: lag 1: 1 − 1 + 1, lag 2: −1 − 1, of 4.
  const arma::mat movie{{2, 5}, {2, 5}, {0, 5}, {0, 5}};
  const arma::vec found = pixel_autocorrelation(movie, {0, 1, 2});
  CHECK(found[0] == Approx(1));
  CHECK(found[1] == Approx(0.25));
  CHECK(found[2] == Approx(-0.5));
  CHECK(std::isnan(pixel_autocorrelation(arma::mat(4, 2, arma::fill::ones), {1})[0]));
  CHECK_THROWS_AS(pixel_autocorrelation(movie, {4}), NotApplicable);
}

TEST_CASE("a cut is a great change of the picture", "[measures]") {
  const arma::mat movie{{0, 0}, {1, 1}, {40, 0}, {40, 60}, {40, 0}};
  CHECK(scene_cuts(movie, 20) == std::vector<std::size_t>{3, 4}); // changes 1, 20, 30, 30
  CHECK(scene_cuts(movie, 19) == std::vector<std::size_t>{2, 3, 4});
  CHECK(scene_cuts(arma::mat(1, 3), 1).empty());
}
