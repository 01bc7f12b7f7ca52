// These tests describe a few numbers by hand.
#include "measures/summary.hpp"

#include "catch.hpp"

#include <cmath>

using namespace engram::measures;

TEST_CASE("values are described by moments and quartiles", "[measures]") {
  const auto found = summarize({4, arma::datum::nan, 1, 2, 9});
  CHECK(found.count == 4);
  CHECK(found.missing == 1);
  CHECK(found.mean == 4);
  CHECK(found.deviation == Approx(std::sqrt(38.0 / 4)).epsilon(1e-14)); // 0, 9, 4, 25
  CHECK(found.least == 1);
  CHECK(found.first_quartile == Approx(1.75));
  CHECK(found.median == Approx(3));
  CHECK(found.third_quartile == Approx(5.25));
  CHECK(found.greatest == 9);
  CHECK(found.excess_kurtosis == Approx((81 + 16 + 625) / 4.0 / (9.5 * 9.5) - 3).epsilon(1e-14));
  CHECK(summarize({}).count == 0);
  CHECK(std::isnan(summarize({}).median));
  CHECK(summarize({5}).third_quartile == 5);
  CHECK(std::isnan(summarize({5, 5}).excess_kurtosis));
  // An even grid of n values has the kurtosis −6/5 (n² + 1) / (n² − 1).
  CHECK(summarize(arma::regspace(1, 10)).excess_kurtosis == Approx(-1.2 * 101 / 99).epsilon(1e-13));
}

TEST_CASE("differences are of neighbours along rows", "[measures]") {
  arma::cube pictures(2, 3, 1);
  pictures.slice(0) = arma::mat{{1, 2, 4}, {0, 0, 8}};
  const auto found = summarize_differences(pictures);
  CHECK(found.count == 4);
  CHECK(found.mean == Approx(11.0 / 4)); // 1, 2, 0, 8
  CHECK(found.greatest == 8);
  CHECK(summarize_differences(arma::cube(3, 1, 2)).count == 0);
}
