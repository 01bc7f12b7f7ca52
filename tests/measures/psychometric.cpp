// These tests count choices by hand, and compare the interval of a share with its own equation.
#include "measures/psychometric.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace engram::measures;

TEST_CASE("choices and reaction times by level are counted as by hand", "[measures]") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto found = by_level({0.5, 0, 0.5, 0, 0.5, none, 0.2}, {1, 0, 1, none, 0, 1, none});
  REQUIRE(found.size() == 3);
  CHECK(found[0].level == 0);
  CHECK(found[0].count == 1);
  CHECK(found[0].mean == 0);
  CHECK(std::isnan(found[0].standard_error)); // of one value
  CHECK(found[1].count == 0);                 // at 0.2
  CHECK(std::isnan(found[1].mean));
  CHECK(found[2].level == 0.5);
  CHECK(found[2].mean == Approx(2.0 / 3).epsilon(1e-15));
  CHECK(found[2].standard_error == Approx(1.0 / 3).epsilon(1e-14)); // √(1/3) / √3
  CHECK(by_level({}, {}).empty());
  CHECK_THROWS_AS(by_level({1, 2}, {1}), std::invalid_argument);
}

// Its ends are the roots of (k/n − p)² = z² p (1 − p) / n.
TEST_CASE("Wilson's interval ends where the test of a share does", "[measures]") {
  const double z = 1.959963984540054;
  for (const std::size_t right : {0u, 3u, 17u, 20u}) {
    const auto interval = wilson_interval(right, 20);
    const double share = static_cast<double>(right) / 20;
    for (const double p : {interval.low, interval.high})
      CHECK(std::pow(share - p, 2) == Approx(z * z * p * (1 - p) / 20).margin(1e-14));
    CHECK(interval.low <= share + 1e-15);
    CHECK(interval.high >= share - 1e-15);
  }
  CHECK(std::isnan(wilson_interval(0, 0).low));
  CHECK_THROWS_AS(wilson_interval(2, 1), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(1, 2, 1), std::invalid_argument);
}
