// These tests compute the tiling coefficient by hand, and of independent trains.
#include "measures/spike_time_tiling.hpp"

#include "measures/not_applicable.hpp"
#include "measures/stored.hpp"

#include "catch.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("the tiling coefficient is that of its definition", "[measures]") {
  const Observation window{{0, 100}};
  // A tiles [0, 5] and [45, 55] and [50, 60] (overlapping): 5 + 15 of 100; B tiles [48, 58] and [90, 100].
  const SpikeTrain a{0, 50, 55}, b{53, 95};
  const double ta = 0.2, tb = 0.2, pa = 2.0 / 3, pb = 0.5;
  const double expected = ((pa - tb) / (1 - pa * tb) + (pb - ta) / (1 - pb * ta)) / 2;
  CHECK(spike_time_tiling(a, b, window, 5) == Approx(expected).epsilon(1e-14));
  CHECK(spike_time_tiling(b, a, window, 5) == Approx(expected).epsilon(1e-14));
  CHECK(spike_time_tiling(a, a, window, 5) == Approx(1));
  CHECK(spike_time_tiling(a, a, window, 100) == 1); // all is tiled
  // Never together: P = 0.
  CHECK(spike_time_tiling({10}, {80}, window, 5) == Approx(-0.1));
  CHECK(spike_time_tiling({10}, {15}, window, 5) > 0.9); // dt itself counts
  CHECK(std::isnan(spike_time_tiling(a, {}, window, 5)));
}

// Its mean over independent trains is 0 whatever their rates (Cutts & Eglen 2014, property 2).
TEST_CASE("independent trains have no tiling coefficient, at any rates", "[measures]") {
  for (const double other : {2.0, 20.0, 60.0}) {
    double sum = 0;
    for (std::uint64_t k = 0; k < 40; ++k)
      sum += spike_time_tiling(poisson(10, 0, 20'000, 2 * k), poisson(other, 0, 20'000, 2 * k + 1), {{0, 20'000}}, 10);
    CHECK(std::abs(sum / 40) < 0.02);
  }
}

TEST_CASE("trains that have no tiling coefficient are refused", "[measures]") {
  CHECK_THROWS_AS(spike_time_tiling({1}, {2}, {{0, 10}}, 0), std::invalid_argument);
  CHECK_THROWS_AS(spike_time_tiling({2, 1}, {2}, {{0, 10}}, 1), NotApplicable);
  CHECK_THROWS_AS(spike_time_tiling({1}, {2}, {}, 1), NotApplicable);
}

// A spike at 9 and one at 11 are not together where nobody watched in between; each tiles its own window alone.
TEST_CASE("no spike tiles beyond the border of its window", "[measures]") {
  const Observation parts{{0, 10}, {10, 20}};
  const double ta = 0.15, tb = 0.15; // A tiles 7 to 10, B 10 to 13, of 20
  CHECK(spike_time_tiling({9}, {11}, parts, 2) == Approx((-tb + -ta) / 2));
  CHECK(spike_time_tiling({9}, {11}, {{0, 20}}, 2) > 0.5);
  CHECK(std::isnan(spike_time_tiling({9}, {25}, parts, 2))); // which nobody saw
}

TEST_CASE("spikes that are dt apart but for rounding are together", "[measures]") {
  SpikeTrain a, b; // samples of 30 kHz, 150 apart
  for (int k = 0; k < 2000; ++k) {
    a.push_back((7.0 + 601.0 * k) / 30000 * 1000);
    b.push_back((157.0 + 601.0 * k) / 30000 * 1000);
  }
  std::size_t beyond = 0; // by the last bits
  for (std::size_t k = 0; k < a.size(); ++k) beyond += b[k] > a[k] + 5 ? 1 : 0;
  CHECK(beyond > 0);
  // All are paired, and each train tiles 10 ms of every 601 samples: (1 − T) / (1 − T) = 1.
  CHECK(spike_time_tiling(a, b, {{0, 60000}}, 5) == Approx(1).epsilon(1e-12));
}
