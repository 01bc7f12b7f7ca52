// These tests find the fields of small maps by hand.
#include "measures/place_fields.hpp"

#include "catch.hpp"

#include <stdexcept>

using namespace engram::measures;

TEST_CASE("fields are sets of bins that share sides", "[measures]") {
  const double none = arma::datum::nan;
  const arma::mat rate{{10, 4, 0, 0, 5}, {2, 3, 0, 5, 0}, {0, 0, none, 0, 8}, {0, 3, 3, 0, 8}};
  const auto two = place_fields(rate, 0.3, 2); // of 3 Hz or more; bins that share a corner are apart
  REQUIRE(two.size() == 3);
  CHECK(two[0].bins == 3); // 10, 4, 3
  CHECK(two[0].peak == 10);
  CHECK(two[0].row == Approx(3.0 / 17));
  CHECK(two[0].column == Approx(7.0 / 17));
  CHECK(two[1].peak == 8);
  CHECK(two[1].peak_row == 2);
  CHECK(two[1].peak_column == 4);
  CHECK(two[1].row == Approx(2.5));
  CHECK(two[2].bins == 2);
  CHECK(place_fields(rate, 0.3, 1).size() == 5);
  CHECK(place_fields(rate, 1, 1).size() == 1);
  CHECK(place_fields(rate, 0.3, 4).empty());
}

TEST_CASE("a map without rates has no fields", "[measures]") {
  CHECK(place_fields(arma::mat(3, 3, arma::fill::zeros), 0.3, 1).empty());
  CHECK(place_fields(arma::mat(3, 3).fill(arma::datum::nan), 0.3, 1).empty());
  CHECK(place_fields(arma::mat(), 0.3, 1).empty());
  CHECK_THROWS_AS(place_fields(arma::mat(3, 3, arma::fill::ones), 0, 1), std::invalid_argument);
}
