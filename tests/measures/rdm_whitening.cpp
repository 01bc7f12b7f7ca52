// These tests compare whitened similarities of RDMs with rsatoolbox, where the noise of the conditions has a
// covariance.
#include "measures/rdm_whitening.hpp"
#include "catch.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa.hpp"
#include "measures/rsa_bootstrap.hpp"
#include "measures/rsa_permutation.hpp"
#include "reference_data.hpp"
#include "representations.hpp"

#include <stdexcept>
#include <vector>

using namespace engram::measures;
using namespace reference_data;
using representations::normal;

namespace {

// Repeats × conditions × neurons, as the responses of a cube: conditions × neurons × repeats.
arma::cube responses(const json &repeats) {
  arma::cube out(repeats[0].size(), repeats[0][0].size(), repeats.size());
  for (arma::uword r = 0; r < out.n_slices; ++r) out.slice(r) = matrix(repeats[r]);
  return out;
}

arma::mat some_noise(arma::uword conditions, std::uint64_t seed) {
  const arma::mat a = normal(conditions, conditions + 2, seed);
  return a * a.t() / static_cast<double>(conditions);
}

} // namespace

// reference/rdm_whitening.py: rsatoolbox's definition with NumPy, V written out and inverted; no pair missing, few and
// most of them.
TEST_CASE("whitened similarities are those of rsatoolbox with a noise covariance", "[measures]") {
  const auto cases = load("rdm_whitening")["cases"];
  REQUIRE(cases.size() > 2);
  for (const auto &c : cases) {
    const arma::vec a = vector(c["a"]), b = vector(c["b"]);
    const RdmWhitening whitening(matrix(c["noise"]));
    CHECK(whitened_cosine(a, b, whitening) == Approx(number(c["cosine"])).epsilon(1e-11));
    CHECK(whitened_pearson(a, b, whitening) == Approx(number(c["pearson"])).epsilon(1e-11));
    CHECK(rdm_similarity(b, a, {RdmComparison::whitened_pearson, whitening}) ==
          Approx(number(c["pearson"])).epsilon(1e-11));
  }
}

TEST_CASE("equal and independent noise need not be given, and its size does not matter", "[measures]") {
  arma::vec a = upper_triangle(euclidean_rdm(normal(9, 5, 1))), b = upper_triangle(euclidean_rdm(normal(9, 5, 2)));
  const RdmWhitening none, equal(3 * arma::eye(9, 9));
  const arma::mat noise = some_noise(9, 3);
  for (const bool missing : {false, true}) {
    if (missing) a[3] = b[7] = b[20] = arma::datum::nan;
    CHECK(whitened_cosine(a, b, equal) == Approx(whitened_cosine(a, b, none)).epsilon(1e-12));
    CHECK(whitened_cosine(a, b, RdmWhitening(noise)) ==
          Approx(whitened_cosine(a, b, RdmWhitening(7 * noise))).epsilon(1e-12));
  }
}

// What an efficient comparison is for: of responses that share a signal, the one that knows which conditions are noisy
// tells the right model from a wrong one more often.
TEST_CASE("knowing the noise of the conditions tells models apart better", "[measures]") {
  constexpr arma::uword conditions = 10, neurons = 20;
  arma::vec deviation(conditions, arma::fill::ones);
  deviation.head(4).fill(5);
  const RdmWhitening informed(arma::mat(arma::diagmat(arma::square(deviation))));
  std::size_t right_with = 0, right_without = 0;
  constexpr std::size_t repetitions = 300;
  for (std::uint64_t k = 0; k < repetitions; ++k) {
    const arma::mat signal = 0.7 * normal(conditions, neurons, 3 * k + 1),
                    other = 0.7 * normal(conditions, neurons, 3 * k + 2);
    arma::mat seen = signal;
    arma::cube repeats(conditions, neurons, 2);
    for (arma::uword r = 0; r < 2; ++r) {
      arma::mat noise = normal(conditions, neurons, 100000 + 2 * k + r);
      noise.each_col() %= deviation;
      repeats.slice(r) = signal + noise;
    }
    const arma::vec data = upper_triangle(crossnobis_rdm(repeats));
    const arma::vec right = upper_triangle(euclidean_rdm(signal)), wrong = upper_triangle(euclidean_rdm(other));
    right_with += whitened_cosine(data, right, informed) > whitened_cosine(data, wrong, informed);
    right_without += whitened_cosine(data, right) > whitened_cosine(data, wrong);
  }
  INFO(right_with << " and " << right_without << " of " << repetitions);
  CHECK(right_with > right_without + 30); // 2 deviations of a difference of 300 paired choices are 25 or less
}

// The variance of a bootstrap or a null distribution is tried elsewhere; here, that the noise goes with the conditions.
TEST_CASE("drawn conditions keep their noise, and a condition that is drawn twice is no singular one", "[measures]") {
  const arma::mat noise = some_noise(6, 4);
  const RdmWhitening whitening(noise);
  const arma::vec x = upper_triangle(euclidean_rdm(normal(6, 4, 5)));
  const arma::mat square = rdm_of_pairs(x);
  const std::vector<std::size_t> order{3, 1, 5, 0, 2, 4}, twice{0, 1, 1, 3, 4, 1};
  const arma::uvec at{3, 1, 5, 0, 2, 4};
  const arma::mat whitened = rdm_of_pairs(whitening(x));
  const arma::vec reordered = whitening.drawn(order)(upper_triangle(square.submat(at, at)));
  CHECK(off(reordered, upper_triangle(whitened.submat(at, at))) < 1e-10);
  const arma::uvec again{0, 1, 1, 3, 4, 1};
  arma::mat drawn = square.submat(again, again);
  drawn.elem(arma::find(drawn == 0)).fill(arma::datum::nan);
  drawn.diag().zeros();
  const arma::vec pairs = upper_triangle(drawn), found = whitening.drawn(twice)(pairs);
  CHECK(arma::uvec(arma::find_nan(found)).n_elem == 3);
  CHECK(arma::dot(found(arma::find_finite(found)), pairs(arma::find_finite(pairs))) > 0); // V is positive definite
  const arma::mat models = arma::join_rows(x, upper_triangle(euclidean_rdm(normal(6, 4, 6))));
  const RdmSimilarity how{RdmComparison::whitened_cosine, whitening};
  const arma::mat one = bootstrap_performance(models, x, how, {Resample::conditions, 40, 1, 1}),
                  two = bootstrap_performance(models, x, how, {Resample::conditions, 40, 1, 2});
  CHECK(arma::approx_equal(one, two, "absdiff", 0));
  CHECK(one.col(0).min() > 1 - 1e-9); // a model that is the subject stays that
  const auto test = permutation_test(models.col(0), x, how, {99, 1, 2});
  CHECK(test.performance == Approx(1));
  CHECK(test.p <= 0.03); // few of 720 relabellings are near
}

TEST_CASE("the noise of conditions is that over their repeats", "[measures]") {
  const auto e = load("rdm_whitening");
  const arma::mat raw = matrix(e["raw"]), correlated = correlated_condition_noise(responses(e["repeats"]));
  CHECK(off(correlated.diag(), raw.diag()) < 1e-12);
  // Off the diagonal all are shrunk by one factor.
  const arma::vec ratio = upper_triangle(correlated) / upper_triangle(raw);
  CHECK(ratio.max() - ratio.min() < 1e-9);
  CHECK(ratio[0] > 0.2);
  CHECK(ratio[0] < 1);
  const arma::mat own = independent_condition_noise(responses(e["uneven"]));
  CHECK(off(own.diag(), vector(e["independent"])) < 1e-12);
  CHECK(arma::mat(own - arma::diagmat(own.diag())).is_zero());
}

TEST_CASE("a noise covariance that is none, or of other conditions, is refused", "[measures]") {
  CHECK_THROWS_AS(RdmWhitening(arma::mat(3, 4, arma::fill::ones)), NotApplicable);
  CHECK_THROWS_AS(RdmWhitening(arma::mat(3, 3, arma::fill::ones)), NotApplicable);
  CHECK_THROWS_AS(RdmWhitening(arma::mat{{1, 0.5}, {0, 1}}), NotApplicable);
  CHECK_THROWS_AS(RdmWhitening(arma::eye(4, 4))(arma::vec{1, 2, 3}), std::invalid_argument);
  arma::cube one(3, 2, 1, arma::fill::ones), same(3, 2, 2, arma::fill::ones);
  CHECK_THROWS_AS(independent_condition_noise(one), NotApplicable);
  CHECK_THROWS_AS(independent_condition_noise(same), NotApplicable);
  CHECK_THROWS_AS(correlated_condition_noise(one), NotApplicable);
}
