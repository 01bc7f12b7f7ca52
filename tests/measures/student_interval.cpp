// The interval of Student's t, against its published quantiles.
#include "measures/student_interval.hpp"
#include "catch.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace engram;

TEST_CASE("a mean has the interval of Student's t", "[measures][student]") {
  // t(0.975) of 4 and of 1 degrees of freedom, and t(0.95) of 4: 2.776, 12.706, 2.132 (Fisher & Yates, Statistical
  // Tables, table III), here with more digits.
  const auto five = measures::student_mean({1, 2, 3, 4, 5});
  CHECK(five.mean.value == Approx(3));
  CHECK(five.deviation == Approx(std::sqrt(2.5)));
  CHECK(five.mean.ci.low == Approx(3 - 2.7764451 * std::sqrt(0.5)).epsilon(1e-7));
  CHECK(five.mean.ci.high == Approx(3 + 2.7764451 * std::sqrt(0.5)).epsilon(1e-7));
  const auto narrow = measures::student_mean({1, 2, 3, 4, 5}, 0.9);
  CHECK(narrow.mean.ci.high == Approx(3 + 2.1318468 * std::sqrt(0.5)).epsilon(1e-7));
  const auto two = measures::student_mean({0, 2});
  CHECK(two.mean.ci.low == Approx(1 - 12.7062047).epsilon(1e-7));
  CHECK(two.mean.ci.high == Approx(1 + 12.7062047).epsilon(1e-7));
  const auto same = measures::student_mean({7, 7, 7});
  CHECK(same.mean.ci.low == 7);
  CHECK(same.mean.ci.high == 7);
}

TEST_CASE("where there is no interval of Student's t it is NaN", "[measures][student]") {
  const auto one = measures::student_mean({4});
  CHECK(one.mean.value == 4);
  CHECK(std::isnan(one.deviation));
  CHECK(std::isnan(one.mean.ci.low));
  CHECK(std::isnan(measures::student_mean({}).mean.value));
  CHECK(std::isnan(measures::student_mean({1, std::numeric_limits<double>::quiet_NaN()}).mean.value));
  CHECK_THROWS_AS(measures::student_mean({1, 2}, 1), std::invalid_argument);
}
