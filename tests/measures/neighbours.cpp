// These tests find nearest stimuli by hand and by plain loops.
#include "measures/neighbours.hpp"

#include "measures/not_applicable.hpp"
#include "measures/stored.hpp"

#include "catch.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("the nearest stimulus is the first of the nearest that lie apart", "[measures]") {
  const arma::mat x = arma::vec{0, 0, 1, 5, 6, 0};
  CHECK(nearest_stimuli(x, 0) == std::vector<std::size_t>{1, 0, 0, 4, 3, 0}); // 1 and 0 are equals to 2
  CHECK(nearest_stimuli(x, 1) == std::vector<std::size_t>{5, 5, 0, 0, 2, 0});
  CHECK(correlation_with(arma::vec{1, 2, 4}, {1, 0, 1})[0] ==
        Approx(3 / std::sqrt(252)).epsilon(1e-12)); // with 2, 1, 2
  CHECK_THROWS_AS(nearest_stimuli(x, 3), NotApplicable);
  CHECK_THROWS_AS(correlation_with(x, {0}), std::invalid_argument);
}

TEST_CASE("nearest stimuli are those of plain loops at any number of threads", "[measures][determinism]") {
  const auto random = random_of(11);
  arma::mat x(600, 7); // more than one block
  for (arma::uword k = 0; k < x.n_elem; ++k) x(k) = std::floor(4 * random.uniform(k));
  std::vector<std::size_t> expected(600);
  for (arma::uword c = 0; c < 600; ++c) {
    double least = 1e9;
    for (arma::uword k = 0; k < 600; ++k) {
      const double distance = arma::accu(arma::square(x.row(c) - x.row(k)));
      if ((k > c ? k - c : c - k) <= 50 || distance >= least) continue;
      least = distance;
      expected[c] = k;
    }
  }
  CHECK(nearest_stimuli(x, 50) == expected);
  CHECK(nearest_stimuli(x, 50, 3) == expected);
}
