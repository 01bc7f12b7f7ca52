// These tests tune planted spikes to directions, with times and counts by hand.
#include "measures/head_direction.hpp"

#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;

TEST_CASE("a rate by direction is spikes over time, whatever turn the direction is given in", "[measures]") {
  const double lost = std::numeric_limits<double>::quiet_NaN();
  const arma::vec time{0, 100, 200, 300, 400, 2000, 2100}, direction{10, -350, 95, lost, 190, 280, 280};
  const auto found = direction_tuning(time, direction, {5, 100, 150, 250, 350, 450, 2050}, 4);
  CHECK(arma::approx_equal(found.occupancy, arma::vec{200, 100, 0, 100}, "absdiff", 1e-9)); // 1600 ms are a gap
  CHECK(arma::approx_equal(found.spikes, arma::vec{3, 1, 0, 1}, "absdiff", 0));
  CHECK(found.rate[0] == Approx(15));
  CHECK(std::isnan(found.rate[2]));
  CHECK(found.angle[1] == 135);
  // z = 15 e^{i45°} + 10 e^{i135°} + 10 e^{i315°}: the last two cancel.
  CHECK(found.length == Approx(15.0 / 35).epsilon(1e-12));
  CHECK(found.mean == Approx(45).epsilon(1e-12));
}

TEST_CASE("spikes in one direction alone have a vector of length 1, and spikes in all none", "[measures]") {
  const arma::vec time = arma::regspace(0, 3600), direction = 10 * arma::floor(time / 100);
  const auto one = direction_tuning(time, direction, {1234.5, 1250}, 36);
  CHECK(one.length == Approx(1).epsilon(1e-12));
  CHECK(one.mean == Approx(125).epsilon(1e-12));
  SpikeTrain even;
  for (int k = 0; k < 36; ++k) even.push_back(100 * k + 50);
  CHECK(direction_tuning(time, direction, even, 36).length < 1e-12);
  CHECK(std::isnan(direction_tuning(time, direction, {}, 36).length));
}

TEST_CASE("directions that are none are refused", "[measures]") {
  CHECK_THROWS_AS(direction_tuning({0, 1}, {0}, {}), NotApplicable);
  CHECK_THROWS_AS(direction_tuning({0, 0}, {0, 1}, {}), NotApplicable);
  CHECK_THROWS_AS(direction_tuning({0, 1}, {0, 1}, {2, 1}), NotApplicable);
  CHECK_THROWS_AS(direction_tuning({0, 1}, {0, 1}, {}, 0), std::invalid_argument);
}
