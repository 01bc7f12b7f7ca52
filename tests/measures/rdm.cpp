// These tests compare dissimilarities with SciPy, and with what is known of them without data.
#include "measures/rdm.hpp"
#include "catch.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "representation_reference.hpp"
#include "representations.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace representations;
using namespace reference;

namespace {
const nlohmann::json &expected_rdms() { return representation().at("rdm"); }
} // namespace

// scipy.spatial.distance.pdist 1.10 (correlation, sqeuclidean / N, mahalanobis² / N); crossnobis from its definition.
TEST_CASE("dissimilarities are those of SciPy and of the definition of crossnobis", "[measures]") {
  const arma::mat X = matrix(expected_rdms()["X"]), precision = matrix(expected_rdms()["precision"]);
  const arma::cube repeats = slices(expected_rdms()["repeats"]);
  CHECK(apart(upper_triangle(correlation_rdm(X)), vector(expected_rdms()["correlation"])) < 1e-13);
  CHECK(apart(upper_triangle(euclidean_rdm(X)), vector(expected_rdms()["euclidean"])) < 1e-13);
  CHECK(apart(upper_triangle(mahalanobis_rdm(X, precision)), vector(expected_rdms()["mahalanobis"])) < 1e-12);
  CHECK(apart(upper_triangle(crossnobis_rdm(repeats, precision)), vector(expected_rdms()["crossnobis"])) < 1e-12);
  CHECK(apart(upper_triangle(crossnobis_rdm(repeats)), vector(expected_rdms()["cross_validated"])) < 1e-13);
}

TEST_CASE("an RDM is symmetric with a diagonal of 0, and goes to pairs in SciPy's order and back", "[measures]") {
  const arma::mat square = matrix(expected_rdms()["square"]); // scipy.spatial.distance.squareform
  const arma::vec pairs = vector(expected_rdms()["correlation"]);
  CHECK(apart(rdm_of_pairs(pairs), square) == 0);
  CHECK(apart(upper_triangle(square), pairs) == 0);
  const arma::mat rdm = correlation_rdm(normal(700, 30, 1), 2); // more than one tile
  CHECK(apart(rdm, arma::mat(rdm.t())) == 0);
  CHECK(arma::vec(rdm.diag()).is_zero());
  CHECK(conditions_of(4186) == 92);
  CHECK_THROWS_AS(conditions_of(5), NotApplicable);
  CHECK_THROWS_AS(conditions_of(0), NotApplicable);
  CHECK_THROWS_AS(upper_triangle(arma::mat(2, 3)), std::invalid_argument);
}

TEST_CASE("a dissimilarity sees nothing of what it is blind to", "[measures]") {
  const arma::mat X = normal(20, 15, 2);
  const arma::mat rotated = X * rotation(15, 3);
  CHECK(apart(euclidean_rdm(rotated), euclidean_rdm(X)) < 1e-12);
  CHECK(apart(euclidean_rdm(3 * X), arma::mat(9 * euclidean_rdm(X))) < 1e-12);
  CHECK(apart(correlation_rdm(3 * X + 100), correlation_rdm(X)) < 1e-12);
  // A million times the spread added to all conditions costs the digits of the input, no more.
  CHECK(apart(euclidean_rdm(X + 1e6), euclidean_rdm(X)) < 1e-8);
  // Mahalanobis distance is Euclidean distance after whitening, whatever mixes the neurons.
  const arma::mat mixing = normal(15, 15, 4), covariance = mixing.t() * mixing;
  CHECK(apart(mahalanobis_rdm(X * mixing, noise_precision(covariance)), euclidean_rdm(X)) < 1e-7);
}

TEST_CASE("equal conditions are 0 apart, opposite ones 2, constant ones unknown, and missing neurons do not count",
          "[measures]") {
  arma::mat X = normal(5, 8, 5);
  X.row(1) = 2 * X.row(0) + 0.3;
  X.row(2) = -X.row(0);
  X.row(3).fill(0.1);
  const arma::mat rdm = correlation_rdm(X);
  CHECK(rdm(0, 1) == Approx(0).margin(1e-15));
  CHECK(rdm(0, 2) == Approx(2).epsilon(1e-15));
  CHECK(std::isnan(rdm(3, 0)));
  CHECK(rdm(0, 4) > 0);
  X(4, 2) = arma::datum::nan;
  arma::mat others = X;
  others.shed_col(2);
  const std::vector<std::pair<arma::mat, arma::mat>> found_expected{
      {correlation_rdm(X), correlation_rdm(others)},
      {euclidean_rdm(X), euclidean_rdm(others)},
      {mahalanobis_rdm(X, arma::eye(8, 8)), mahalanobis_rdm(others, arma::eye(7, 7))}};
  for (const auto &[found, expected] : found_expected) {
    CHECK(found(4, 0) == Approx(expected(4, 0)));
    CHECK(found(2, 4) == Approx(expected(2, 4)));
    CHECK(found(0, 2) == found(2, 0));
  }
}

// 400 experiments; four standard errors of the mean over them.
TEST_CASE("crossnobis is 0 on average for pure noise and the true distance for a signal", "[measures]") {
  constexpr std::size_t experiments = 400, conditions = 5, neurons = 10;
  const arma::mat signal = normal(conditions, neurons, 6);
  const arma::vec truth = upper_triangle(euclidean_rdm(signal));
  arma::mat noise_only(truth.n_elem, experiments), with_signal(truth.n_elem, experiments), plain = with_signal;
  for (std::size_t k = 0; k < experiments; ++k) {
    arma::cube X = normal_repeats(conditions, neurons, 4, 100 + k);
    noise_only.col(k) = upper_triangle(crossnobis_rdm(X));
    X.each_slice() += signal;
    with_signal.col(k) = upper_triangle(crossnobis_rdm(X));
    plain.col(k) = upper_triangle(euclidean_rdm(arma::mean(X, 2)));
  }
  const auto off = [&](const arma::mat &estimates, const arma::vec &from) { // in standard errors
    const arma::vec error = arma::stddev(estimates, 0, 1) / std::sqrt(double(experiments));
    return arma::abs((arma::mean(estimates, 1) - from) / error).max();
  };
  CHECK(off(noise_only, arma::zeros(truth.n_elem)) < 4);
  CHECK(off(with_signal, truth) < 4);
  CHECK(off(plain, truth) > 10); // the distance of the means holds the noise: 2 / 4 more
  CHECK(noise_only.min() < 0);
}

// The formula of rsatoolbox's shrinkage_diag with C (R − 1) degrees of freedom, written out with loops.
TEST_CASE("noise covariance is shrunk toward its diagonal as rsatoolbox does", "[measures]") {
  const auto noise = noise_covariance(slices(expected_rdms()["mixed"]));
  CHECK(noise.shrinkage == Approx(number(expected_rdms()["shrinkage"])).epsilon(1e-12));
  CHECK(noise.shrinkage > 0);
  CHECK(noise.shrinkage < 1);
  CHECK(apart(noise.covariance, matrix(expected_rdms()["covariance"])) < 1e-12);
  CHECK(apart(noise_precision(noise.covariance), matrix(expected_rdms()["inverse"])) < 1e-10);
}

TEST_CASE("noise covariance has a precision with fewer residuals than neurons, and nears the truth with many",
          "[measures]") {
  const arma::mat few = noise_covariance(normal_repeats(3, 20, 3, 8)).covariance;
  CHECK_NOTHROW(noise_precision(few));
  const arma::mat mixing = normal(4, 4, 9), covariance = mixing.t() * mixing;
  const arma::mat many = normal(20000, 4, 10) * mixing;
  const auto noise = noise_covariance(many, 19999);
  CHECK(noise.shrinkage < 0.01);
  CHECK(apart(noise.covariance, covariance) < 0.05 * arma::abs(covariance).max());
}

TEST_CASE("dissimilarities refuse what they cannot use", "[measures]") {
  const arma::mat X = normal(4, 3, 11);
  CHECK_THROWS_WITH(mahalanobis_rdm(X, arma::mat(2, 2)), ContainsSubstring("2 × 2 for 3 neurons"));
  CHECK_THROWS_WITH(crossnobis_rdm(arma::cube(4, 3, 1)), ContainsSubstring("1 repeats, at least 2"));
  CHECK_THROWS_WITH(noise_covariance(arma::cube(4, 3, 1)), ContainsSubstring("1 repeats, at least 2"));
  arma::cube silent = normal_repeats(4, 3, 2, 12);
  silent.tube(arma::span::all, arma::span(1)).zeros();
  CHECK_THROWS_WITH(noise_covariance(silent), ContainsSubstring("neuron 1 has no variance"));
  CHECK_THROWS_AS(noise_precision(arma::mat(3, 3, arma::fill::zeros)), NotApplicable);
}

TEST_CASE("an RDM has the same bits at any number of threads", "[measures]") {
  const arma::mat X = normal(1100, 40, 13);
  CHECK(apart(correlation_rdm(X, 1), correlation_rdm(X, 3)) == 0);
  CHECK(apart(euclidean_rdm(X, 1), euclidean_rdm(X, 3)) == 0);
  const arma::cube repeats = normal_repeats(600, 20, 2, 14);
  CHECK(apart(crossnobis_rdm(repeats, 1), crossnobis_rdm(repeats, 3)) == 0);
}
