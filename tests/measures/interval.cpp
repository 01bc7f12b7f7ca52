// These tests compare quantiles and bootstrap intervals with NumPy and SciPy.
#include "measures/interval.hpp"
#include "catch.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {
const numeric::Random sample_draws{3, numeric::Purpose::noise, 0};
}

TEST_CASE("quantiles are those of NumPy", "[measures]") {
  const auto r = load("interval");
  for (const std::string set : {"values", "even"}) {
    const arma::vec values = vector(r[set]);
    const arma::vec expected = vector(r[set == "even" ? "even quantiles" : "quantiles"]);
    for (std::size_t k = 0; k < r["p"].size(); ++k)
      CHECK(quantile(values, r["p"][k]) == Approx(expected[k]).epsilon(1e-14));
  }
  CHECK(median(arma::vec{5}) == 5);
  CHECK(median(arma::vec{4, 1, 2, 8}) == 3);
  CHECK(std::isnan(median({})));
  CHECK(std::isnan(median(arma::vec{1, arma::datum::nan})));
  CHECK_THROWS_AS(quantile(arma::vec{1, 2}, 1.1), std::invalid_argument);
}

// SciPy's percentile bootstrap with 200 000 draws; 20 000 draws of ours. The error of an end of the interval is about
// 1.5 % of its width then.
TEST_CASE("bootstrap intervals are those of SciPy", "[measures]") {
  const auto r = load("interval");
  const arma::vec values = vector(r["values"]);
  const Resampling resampling{20000, 0.9, 1};
  const auto mean = bootstrap_mean(values, resampling), median_of = bootstrap_median(values, resampling);
  CHECK(mean.value == Approx(arma::mean(values)));
  CHECK(median_of.value == Approx(arma::median(values)));
  const auto agrees = [](const Interval &found, const arma::vec &expected) {
    const double width = expected[1] - expected[0];
    CHECK(std::abs(found.low - expected[0]) < 0.05 * width);
    CHECK(std::abs(found.high - expected[1]) < 0.05 * width);
  };
  agrees(mean.ci, vector(r["mean"]));
  agrees(median_of.ci, vector(r["median"]));
}

// The median of 5 values drawn again is at most the smallest when at least 3 of 5 draws are it: 0.0579 (binomial). With
// 0.0579 below and above, the quantiles 0.05 and 0.95 are the extremes, and 0.07 and 0.93 are not.
TEST_CASE("a bootstrap of the median of five values follows the binomial distribution", "[measures]") {
  const arma::vec values{1, 2, 4, 8, 16};
  const auto wide = bootstrap_median(values, {20000, 0.9, 5}).ci,
             narrow = bootstrap_median(values, {20000, 0.86, 5}).ci;
  CHECK(wide.low == 1);
  CHECK(wide.high == 16);
  CHECK(narrow.low == 2);
  CHECK(narrow.high == 8);
}

// 95 % of 60 values: the percentile interval of the mean is known to hold it somewhat less often, by order 1/n. Of 400
// repetitions at 0.94, between 362 and 390 hits have a probability of 0.998 (binomial).
TEST_CASE("a bootstrap interval of a mean holds it at about the nominal rate", "[measures]") {
  std::size_t hits = 0;
  for (std::uint64_t repetition = 0; repetition < 400; ++repetition) {
    arma::vec values(60);
    sample_draws.normals(values.memptr(), values.n_elem, repetition);
    const auto ci = bootstrap_mean(values, {400, 0.95, repetition}).ci;
    hits += ci.low <= 0 && 0 <= ci.high;
  }
  CHECK(hits >= 362);
  CHECK(hits <= 390);
}

TEST_CASE("a bootstrap of too little says nothing, and refuses what is no level", "[measures]") {
  CHECK(bootstrap_mean(arma::vec{3}).value == 3);
  CHECK(std::isnan(bootstrap_mean(arma::vec{3}).ci.low));
  CHECK(std::isnan(bootstrap_median({}).value));
  CHECK(std::isnan(bootstrap_median(arma::vec{1, arma::datum::nan, 2}).ci.high));
  const arma::vec values{1, 2, 3};
  CHECK(bootstrap_mean(values, {200, 0.9, 4}).ci.low == bootstrap_mean(values, {200, 0.9, 4}).ci.low);
  CHECK_THROWS_AS(bootstrap_mean(values, {0, 0.9, 0}), std::invalid_argument);
  CHECK_THROWS_AS(bootstrap_mean(values, {10, 1, 0}), std::invalid_argument);
}
