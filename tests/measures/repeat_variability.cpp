// These tests compute the variability of small responses by hand, and that of Poisson counts.
#include "measures/repeat_variability.hpp"

#include "measures/stored.hpp"

#include "catch.hpp"

#include <cmath>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("the Fano factor over repeats is mean variance over mean count", "[measures]") {
  const double none = arma::datum::nan;
  arma::cube counts(3, 2, 3);
  counts.slice(0) = arma::mat{{1, 4}, {2, 4}, {9, 4}};
  counts.slice(1) = arma::mat{{3, 4}, {none, 4}, {none, 4}};
  counts.slice(2) = arma::mat{{5, 4}, {6, 4}, {none, 4}};
  // Variances 4 and 8 (the third condition has one repeat); means 3, 4 and 9.
  const arma::vec fano = fano_over_repeats(counts);
  CHECK(fano[0] == Approx(6 / (16.0 / 3)).epsilon(1e-14));
  CHECK(fano[1] == 0);
  CHECK(std::isnan(fano_over_repeats(arma::cube(2, 1, 3, arma::fill::zeros))[0]));
  CHECK(std::isnan(fano_over_repeats(arma::cube(2, 1, 1, arma::fill::ones))[0]));
}

TEST_CASE("Poisson counts have a Fano factor of 1, also where repeats are missing", "[measures]") {
  arma::cube counts(4, 1, 4000);
  for (arma::uword c = 0; c < 4; ++c)
    for (arma::uword r = 0; r < 4000; ++r)
      counts(c, 0, r) = static_cast<double>(poisson(5.0 * static_cast<double>(c + 1), 0, 400, 4000 * c + r).size());
  CHECK(fano_over_repeats(counts)[0] == Approx(1).margin(0.04)); // standard error about √(2 / 16000)
  for (arma::uword r = 0; r < 4000; r += 3) counts(2, 0, r) = arma::datum::nan;
  CHECK(fano_over_repeats(counts)[0] == Approx(1).margin(0.04));
}

TEST_CASE("odd and even repeats are averaged over those that are there", "[measures]") {
  const double none = arma::datum::nan;
  arma::cube responses(3, 2, 4);
  responses.slice(0) = arma::mat{{1, 0}, {2, none}, {4, 1}};
  responses.slice(1) = arma::mat{{2, 0}, {none, 1}, {8, 2}};
  responses.slice(2) = arma::mat{{3, 0}, {6, none}, {none, 1}};
  responses.slice(3) = arma::mat{{4, 0}, {5, 1}, {none, 2}};
  CHECK(arma::approx_equal(mean_of_half(responses, true).col(0), arma::vec{2, 4, 4}, "absdiff", 1e-15));
  CHECK(arma::approx_equal(mean_of_half(responses, false).col(0), arma::vec{3, 5, 8}, "absdiff", 1e-15));
  const arma::vec r = odd_even_correlation(responses);
  // (2, 4, 4) and (3, 5, 8): Σ xy = 2 · 7/3 …: deviations (−4, 2, 2)/3 and (−7, −1, 8)/3.
  CHECK(r[0] == Approx(42 / std::sqrt(24.0 * 114)).epsilon(1e-13));
  CHECK(r[1] == Approx(1)); // (0, 1) and (0, 2): the second condition has no odd repeat
  responses.slice(3)(0, 1) = none;
  responses.slice(1)(0, 1) = none;
  CHECK(std::isnan(odd_even_correlation(responses)[1])); // one condition is left
}
