// This test describes a short path by hand.
#include "measures/trajectory.hpp"

#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <cmath>

using namespace engram::measures;

TEST_CASE("a path is described by its speed, its places and its walls", "[measures]") {
  const double lost = arma::datum::nan;
  const Path path{{0, 20, 40, 100, 120, 140, 160}, {5, 8, 8, 20, lost, 40, 35}, {5, 9, 9, 30, 30, 40, 40}};
  const auto found = describe_path(path, {0, 40, 0, 40, 10}, 21, 6);
  CHECK(found.steps == 4); // the two beside the unknown sample have no length
  CHECK(found.gaps == 1);
  CHECK(found.unknown_samples == 1);
  CHECK(found.mean_speed == Approx((5 + 0 + 5) / 3.0 / 0.02));
  CHECK(found.median_speed == Approx(250));
  CHECK(found.bins == 16);
  CHECK(found.visited == 3);                  // (0, 0), (2, 3), (3, 3): the far wall belongs to the last bin
  CHECK(found.wall_share == Approx(3.0 / 6)); // 5 of 0 and 0 of 40 twice
  const auto still = describe_path({{0}, {50}, {5}}, {0, 40, 0, 40, 10}, 21, 6);
  CHECK(std::isnan(still.mean_speed));
  CHECK(std::isnan(still.wall_share));
  CHECK_THROWS_AS(describe_path({{0, 0}, {1, 1}, {1, 1}}, {0, 40, 0, 40, 10}, 21, 6), NotApplicable);
}
