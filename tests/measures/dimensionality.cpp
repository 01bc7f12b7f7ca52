// These tests compare the dimensionality of representations with NumPy, with scikit-learn and with closed forms.
#include "measures/dimensionality.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

TEST_CASE("dimensionality is that of NumPy's covariance and scikit-learn's principal components", "[measures]") {
  const auto all = load("dimensionality");
  for (const std::string name : {"tall", "wide"}) {
    INFO(name);
    const auto &r = all[name];
    const arma::mat x = matrix(r["x"]);
    CHECK(off(variance_spectrum(x), vector(r["spectrum"])) < 1e-12);
    CHECK(participation_ratio(x) == Approx(r["participation"].get<double>()).epsilon(1e-12));
    for (std::size_t k = 0; k < r["shares"].size(); ++k)
      CHECK(components_for_variance(x, r["shares"][k]) == r["components"][k].get<std::size_t>());
  }
}

TEST_CASE("orthogonal patterns of equal variance have as many dimensions as there are of them", "[measures]") {
  const arma::mat hadamard{{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}}; // columns orthogonal, of mean 0
  CHECK(participation_ratio(hadamard) == Approx(3).epsilon(1e-14));
  CHECK(components_for_variance(hadamard, 1) == 3);
  CHECK(components_for_variance(hadamard, 0.34) == 2);
  const arma::mat line = hadamard.col(0) * arma::rowvec{1, 2, 3, -4} + 7;
  CHECK(participation_ratio(line) == Approx(1).epsilon(1e-14));
  CHECK(components_for_variance(line, 1) == 1);
  CHECK(variance_spectrum(line)[1] < 1e-12);
}

// White noise: E tr S = N, E tr S² = N (1 + (N + 1) / (C − 1)) for S of a Wishart distribution with C − 1 degrees of
// freedom; the ratio of the expectations is N / (1 + (N + 1) / (C − 1)), and the ratio is close to it at this size.
TEST_CASE("the participation ratio of white noise grows with the number of conditions as expected", "[measures]") {
  const numeric::Random random{1, numeric::Purpose::noise, 0};
  const double n = 40;
  for (const arma::uword conditions : {20, 200}) {
    double mean = 0;
    for (std::uint64_t k = 0; k < 20; ++k) {
      arma::mat x(conditions, 40);
      random.normals(x.memptr(), x.n_elem, k + 100 * conditions);
      mean += participation_ratio(x) / 20;
    }
    CHECK(mean == Approx(n / (1 + (n + 1) / double(conditions - 1))).epsilon(0.02));
  }
}

TEST_CASE("dimensionality says nothing of what does not vary, and refuses what it cannot measure", "[measures]") {
  CHECK(std::isnan(participation_ratio(arma::mat(4, 3, arma::fill::zeros))));
  CHECK(components_for_variance(arma::mat(4, 3, arma::fill::zeros), 0.9) == 0);
  CHECK_THROWS_AS(participation_ratio(arma::mat(1, 3, arma::fill::zeros)), NotApplicable);
  CHECK_THROWS_AS(components_for_variance(arma::mat(4, 3, arma::fill::eye), 0), std::invalid_argument);
  arma::mat x(4, 3, arma::fill::eye);
  x(0, 0) = arma::datum::nan;
  CHECK_THROWS_AS(variance_spectrum(x), NotApplicable);
}
