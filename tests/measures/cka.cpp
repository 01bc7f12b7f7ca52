// These tests compare centred kernel alignment with its definitions.
#include "measures/cka.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "representation_reference.hpp"
#include "representations.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace representations;
using namespace reference;

// HSIC with the centring matrix, and the U-statistic over all quadruples of conditions (Song et al. 2012),
// NumPy.
TEST_CASE("linear CKA and its debiased form are those of their definitions", "[measures]") {
  const std::size_t which = GENERATE(0, 1); // few neurons, many neurons
  const auto &e = representation().at("spaces")[which];
  const arma::mat X = matrix(e["X"]), Y = matrix(e["Y"]);
  CHECK(linear_cka(X, Y) == Approx(number(e["cka"])).epsilon(1e-12));
  CHECK(debiased_linear_cka(X, Y) == Approx(number(e["debiased"])).epsilon(1e-10));
}

TEST_CASE("CKA is 1 for rotated, scaled and shifted representations and less for others", "[measures]") {
  const arma::mat X = normal(30, 8, 1);
  arma::mat Y = 3 * X * rotation(8, 2);
  Y.each_row() += 5 * normal(1, 8, 3);
  CHECK(linear_cka(X, X) == Approx(1).epsilon(1e-14));
  CHECK(linear_cka(X, Y) == Approx(1).epsilon(1e-12));
  CHECK(debiased_linear_cka(X, Y) == Approx(1).epsilon(1e-11));
  CHECK(linear_cka(X, arma::join_rows(X, normal(30, 8, 4))) < 0.95);
  const arma::mat scaled_apart = X * arma::diagmat(arma::regspace(1, 8)); // neurons are not to be scaled one by one
  CHECK(linear_cka(X, scaled_apart) < 0.95);
}

TEST_CASE("the products over neurons and over conditions give the same CKA", "[measures]") {
  const arma::mat X = normal(40, 6, 5);
  const arma::mat wide = arma::join_rows(X, arma::zeros(40, 300)); // the same representation, so many neurons
  const arma::mat Y = X * normal(6, 7, 6) + normal(40, 7, 7);
  CHECK(linear_cka(wide, Y) == Approx(linear_cka(X, Y)).epsilon(1e-12));
  CHECK(debiased_linear_cka(wide, Y) == Approx(debiased_linear_cka(X, Y)).epsilon(1e-12));
}

// 50 independent pairs of 30 conditions × 600 neurons.
TEST_CASE("debiased CKA of independent high-dimensional noise is 0 on average where CKA is near 1", "[measures]") {
  arma::vec biased(50), debiased(50);
  for (std::uint64_t k = 0; k < 50; ++k) {
    const arma::mat X = normal(30, 600, 100 + k), Y = normal(30, 600, 200 + k);
    biased[k] = linear_cka(X, Y);
    debiased[k] = debiased_linear_cka(X, Y);
  }
  CHECK(biased.min() > 0.9);
  CHECK(std::abs(arma::mean(debiased)) < 4 * arma::stddev(debiased) / std::sqrt(50.0));
  CHECK(arma::abs(debiased).max() < 0.3);
  CHECK(debiased.min() < 0);
}

TEST_CASE("CKA has the same bits at any number of threads, and refuses what it cannot use", "[measures]") {
  const arma::mat X = normal(600, 40, 8), Y = normal(600, 700, 9);
  CHECK(linear_cka(X, Y, 1) == linear_cka(X, Y, 3));
  CHECK(debiased_linear_cka(X, X, 1) == debiased_linear_cka(X, X, 3));
  CHECK_THROWS_WITH(linear_cka(X, arma::mat(5, 2)), ContainsSubstring("600 and 5 conditions"));
  CHECK_THROWS_AS(debiased_linear_cka(X.head_rows(3), Y.head_rows(3)), NotApplicable);
  CHECK(std::isnan(linear_cka(X, arma::mat(600, 3, arma::fill::ones))));
  arma::mat missing = X;
  missing(3, 3) = arma::datum::nan;
  CHECK(std::isnan(linear_cka(missing, Y)));
}
