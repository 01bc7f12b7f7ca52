// These tests count spikes along a track by hand.
#include "measures/track_map.hpp"

#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace engram::measures;

TEST_CASE("a rate along a track is spikes over time", "[measures]") {
  const double lost = std::numeric_limits<double>::quiet_NaN();
  const arma::vec time{0, 100, 200, 300, 400, 500, 3000, 3100}, place{0, 5, 10, 20, lost, 15, 25, 3};
  // 20 belongs to the last bin, 25 lies beyond, the time from 500 is a gap.
  const auto map = track_map(time, place, {0, 99, 100, 250, 260, 399, 450, 700, 3050}, {0, 10, 20});
  CHECK(arma::approx_equal(map.occupancy, arma::vec{200, 200}, "absdiff", 1e-9));
  CHECK(arma::approx_equal(map.spikes, arma::vec{3, 3}, "absdiff", 0));
  CHECK(arma::approx_equal(map.rate, arma::vec{15, 15}, "absdiff", 1e-9));
  CHECK(map.bits_per_spike == Approx(0).margin(1e-12));
}

// All spikes in a share s of the time: log₂(1 / s) bits.
TEST_CASE("the information of a place cell is that of where it fires", "[measures]") {
  const arma::vec time = arma::regspace(0, 10, 1000), place = arma::floor(time / 250);
  const auto map = track_map(time, place, {300, 310, 320}, {0, 1, 2, 3, 4, 5});
  CHECK(map.bits_per_spike == Approx(2).epsilon(1e-12));
  CHECK(map.rate[1] == Approx(12).epsilon(1e-12));
  CHECK(std::isnan(map.rate[4]));
  CHECK(std::isnan(track_map(time, place, {}, {0, 1, 2, 3, 4}).bits_per_spike));
}

TEST_CASE("a spike at the time of a sample belongs to it, in spite of rounding", "[measures]") {
  const arma::vec time{0.1, 0.2, 0.3, 0.4}, place{0, 1, 2, 3};
  const auto map = track_map(time, place, {0.3 - 1e-16, 0.1 + 0.2}, {-0.5, 0.5, 1.5, 2.5, 3.5});
  CHECK(map.spikes[2] == 2);
}

TEST_CASE("tracks that are none are refused", "[measures]") {
  CHECK_THROWS_AS(track_map({0, 1}, {0}, {}, {0, 1}), NotApplicable);
  CHECK_THROWS_AS(track_map({1, 0}, {0, 0}, {}, {0, 1}), NotApplicable);
  CHECK_THROWS_AS(track_map({0, 1}, {0, 0}, {2, 1}, {0, 1}), NotApplicable);
  CHECK_THROWS_AS(track_map({0, 1}, {0, 0}, {}, {0}), std::invalid_argument);
  CHECK_THROWS_AS(track_map({0, 1}, {0, 0}, {}, {0, 0}), std::invalid_argument);
}
