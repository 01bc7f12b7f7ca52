// These tests compare Procrustes distance and canonical correlations with SciPy.
#include "measures/procrustes.hpp"
#include "catch.hpp"
#include "measures/svcca.hpp"
#include "representation_reference.hpp"
#include "representations.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;
using namespace representations;
using namespace reference;

// scipy.spatial.procrustes 1.10, whose disparity is 1 − s².
TEST_CASE("Procrustes similarity is SciPy's", "[measures]") {
  const std::size_t which = GENERATE(0, 1); // few neurons, many neurons
  const auto &e = representation().at("spaces")[which];
  const arma::mat X = matrix(e["X"]), Y = matrix(e["Y"]);
  const double s = number(e["procrustes"]);
  CHECK(procrustes_similarity(X, Y) == Approx(s).epsilon(1e-12));
  CHECK(procrustes_distance(X, Y) == Approx(std::sqrt(2 - 2 * s)).epsilon(1e-12));
  CHECK(procrustes_angle(X, Y) == Approx(std::acos(s)).epsilon(1e-12));
}

TEST_CASE("Procrustes distance is 0 to what is rotated, scaled and shifted, and a metric", "[measures]") {
  const std::size_t neurons = GENERATE(5, 40);
  const arma::mat X = normal(20, neurons, 1), Y = normal(20, 8, 2), Z = normal(20, 60, 3);
  arma::mat same = 2 * X * rotation(neurons, 4);
  same.each_row() += normal(1, neurons, 5);
  CHECK(procrustes_similarity(X, same) == Approx(1).epsilon(1e-13));
  CHECK(procrustes_distance(X, same) < 1e-6);
  CHECK(procrustes_distance(X, Y) == Approx(procrustes_distance(Y, X)).epsilon(1e-12));
  for (const auto distance : {procrustes_distance, procrustes_angle})
    CHECK(distance(X, Z) < distance(X, Y) + distance(Y, Z));
  CHECK(procrustes_angle(X, Y) < std::numbers::pi / 2);
}

TEST_CASE("representations along different conditions are as far apart as can be", "[measures]") {
  const arma::mat X = arma::vec{1, -1, 0, 0}, Y = arma::vec{0, 0, 1, -1};
  CHECK(procrustes_similarity(X, Y) == Approx(0).margin(1e-15));
  CHECK(procrustes_distance(X, Y) == Approx(std::sqrt(2)).epsilon(1e-14));
  CHECK(svcca(X, Y) == Approx(0).margin(1e-15));
}

// numpy.linalg.svd, then scipy.linalg.subspace_angles 1.10; PWCCA from the eigenvectors of the product of projections.
TEST_CASE("canonical correlations are SciPy's cosines of subspace angles", "[measures]") {
  const auto &e = representation().at("canonical");
  const arma::mat X = matrix(e["X"]), Y = matrix(e["Y"]);
  const double part = number(e["part"]);
  const arma::vec kept = vector(e["correlations"]), all = vector(e["all"]);
  REQUIRE(kept.n_elem < all.n_elem);
  CHECK(apart(canonical_correlations(X, Y, part), kept) < 1e-10);
  CHECK(apart(canonical_correlations(X, Y, 1), all) < 1e-10);
  CHECK(svcca(X, Y, part) == Approx(arma::mean(kept)).epsilon(1e-10));
  CHECK(pwcca(X, Y, part) == Approx(number(e["pwcca"])).epsilon(1e-10));
  CHECK(pwcca(Y, X, part) == Approx(number(e["pwcca_reversed"])).epsilon(1e-10));
}

TEST_CASE("SVCCA is 1 after any invertible map of all directions, and small for independent ones", "[measures]") {
  const arma::mat X = normal(200, 6, 6);
  arma::mat mapped = X * normal(6, 6, 7);
  mapped.each_row() += normal(1, 6, 8);
  CHECK(svcca(X, mapped, 1) == Approx(1).epsilon(1e-12));
  CHECK(pwcca(X, mapped, 1) == Approx(1).epsilon(1e-12));
  CHECK(svcca(X, normal(200, 6, 9)) < 0.3);
  // Directions that are linear combinations of others are not counted.
  CHECK(canonical_correlations(arma::join_rows(X, X), X, 1).n_elem == 6);
}

TEST_CASE("Procrustes and CCA refuse what they cannot use", "[measures]") {
  const arma::mat X = normal(6, 3, 10), constant(6, 2, arma::fill::value(0.1));
  CHECK(std::isnan(procrustes_distance(X, constant)));
  CHECK(std::isnan(svcca(X, constant)));
  CHECK(std::isnan(pwcca(constant, X)));
  arma::mat missing = X;
  missing(2, 1) = arma::datum::nan;
  CHECK(std::isnan(procrustes_similarity(X, missing)));
  CHECK(std::isnan(svcca(X, missing)));
  CHECK_THROWS_WITH(procrustes_distance(X, arma::mat(5, 3)), ContainsSubstring("6 and 5 conditions"));
  CHECK_THROWS_WITH(svcca(X, arma::mat(5, 3)), ContainsSubstring("6 and 5 conditions"));
  CHECK_THROWS_AS(svcca(X, X, 0), std::invalid_argument);
  CHECK_THROWS_AS(svcca(X, X, 1.5), std::invalid_argument);
}
