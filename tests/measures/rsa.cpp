// These tests compare similarities of RDMs with SciPy, and noise ceilings with their definition.
#include "measures/rsa.hpp"
#include "catch.hpp"
#include "measures/cka.hpp"
#include "measures/rdm.hpp"
#include "representation_reference.hpp"
#include "representations.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace representations;
using namespace reference;

namespace {

const nlohmann::json &expected_rsa() { return representation().at("rsa"); }

arma::mat columns(const nlohmann::json &rows) { return matrix(rows).t(); }

} // namespace

// SciPy 1.10: pearsonr, spearmanr, kendalltau, distance.cosine; τ-a and whitened cosine by their definitions.
TEST_CASE("comparisons are those of SciPy, with ties and with missing pairs", "[measures]") {
  const std::size_t which = GENERATE(0, 1, 2); // plain, tied, missing
  const auto &e = expected_rsa()["pairs"][which];
  const arma::vec a = vector(e["a"]), b = vector(e["b"]);
  INFO("case " << which);
  CHECK(pearson(a, b) == Approx(number(e["pearson"])).epsilon(1e-12));
  CHECK(spearman(a, b) == Approx(number(e["spearman"])).epsilon(1e-12));
  CHECK(kendall_tau_a(a, b) == Approx(number(e["kendall_tau_a"])).epsilon(1e-12));
  CHECK(kendall_tau_b(a, b) == Approx(number(e["kendall_tau_b"])).epsilon(1e-12));
  CHECK(cosine_similarity(a, b) == Approx(number(e["cosine"])).epsilon(1e-12));
  CHECK(whitened_cosine(a, b) == Approx(number(e["whitened_cosine"])).epsilon(1e-12));
}

TEST_CASE("every comparison is 1 of an RDM with itself, symmetric, and blind to scale", "[measures]") {
  const arma::vec a = upper_triangle(euclidean_rdm(normal(12, 5, 1)));
  const arma::vec b = upper_triangle(euclidean_rdm(normal(12, 5, 2)));
  for (const auto how : all_comparisons) {
    INFO("comparison " << int(how));
    CHECK(rdm_similarity(a, a, how) == Approx(1).epsilon(1e-14));
    CHECK(rdm_similarity(a, 3 * a, how) == Approx(1).epsilon(1e-14));
    CHECK(rdm_similarity(a, b, how) == Approx(rdm_similarity(b, a, how)).epsilon(1e-13));
    CHECK(rdm_similarity(a, b, how) < 0.99);
  }
  CHECK(spearman(a, arma::exp(a)) == Approx(1).epsilon(1e-14));
  CHECK(kendall_tau_a(a, -a) == -1);
}

TEST_CASE("Kendall's τ of many entries is that of counting all pairs", "[measures]") {
  arma::vec a = normal(1500, 1, 3), b = a + 2 * normal(1500, 1, 4);
  a = arma::round(4 * a); // ties
  b = arma::round(6 * b);
  double difference = 0, a_differs = 0, b_differs = 0;
  for (std::size_t i = 0; i < a.n_elem; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      difference += ((a[i] > a[j]) - (a[i] < a[j])) * ((b[i] > b[j]) - (b[i] < b[j]));
      a_differs += a[i] != a[j];
      b_differs += b[i] != b[j];
    }
  CHECK(kendall_tau_a(a, b) == Approx(difference / (1500 * 1499 / 2)).epsilon(1e-14));
  CHECK(kendall_tau_b(a, b) == Approx(difference / std::sqrt(a_differs * b_differs)).epsilon(1e-14));
}

// Diedrichsen et al. 2020.
TEST_CASE("whitened cosine of Euclidean RDMs is linear CKA", "[measures]") {
  const arma::mat X = normal(15, 6, 5), Y = normal(15, 40, 6);
  CHECK(whitened_cosine(upper_triangle(euclidean_rdm(X)), upper_triangle(euclidean_rdm(Y))) ==
        Approx(linear_cka(X, Y)).epsilon(1e-12));
}

TEST_CASE("what has no spread or nothing in common has no similarity", "[measures]") {
  const arma::vec flat(10, arma::fill::value(0.1)), a = normal(10, 1, 7), zero(10, arma::fill::zeros);
  for (const auto how :
       {RdmComparison::pearson, RdmComparison::spearman, RdmComparison::kendall_tau_a, RdmComparison::kendall_tau_b})
    CHECK(std::isnan(rdm_similarity(a, flat, how)));
  CHECK(std::isnan(cosine_similarity(a, zero)));
  CHECK(std::isnan(whitened_cosine(a, zero)));
  arma::vec b = a;
  b.head(9).fill(arma::datum::nan);
  for (const auto how : all_comparisons) CHECK(std::isnan(rdm_similarity(a, b, how)));
  CHECK_THROWS_WITH(pearson(a, arma::vec(9)), ContainsSubstring("10 and 9 pairs"));
}

TEST_CASE("equal values share their mean rank and missing ones have none", "[measures]") {
  const arma::vec ranks = average_ranks({3, 1, arma::datum::nan, 3, 0, 3});
  CHECK(apart(arma::vec(ranks(arma::uvec{0, 1, 3, 4, 5})), arma::vec{4, 2, 4, 1, 4}) == 0);
  CHECK(std::isnan(ranks[2]));
}

// scipy.stats.zscore or rankdata, averaged and compared as Nili et al. 2014 describe.
TEST_CASE("noise ceilings are those of the definition", "[measures]") {
  const arma::mat subjects = columns(expected_rsa()["subjects"]);
  const std::pair<const char *, RdmComparison> cases[] = {{"pearson", RdmComparison::pearson},
                                                          {"spearman", RdmComparison::spearman},
                                                          {"cosine", RdmComparison::cosine},
                                                          {"whitened_cosine", RdmComparison::whitened_cosine}};
  for (const auto &[name, how] : cases) {
    INFO(name);
    const auto ceiling = noise_ceiling(subjects, how);
    CHECK(ceiling.lower == Approx(number(expected_rsa()["ceiling"][name][0])).epsilon(1e-12));
    CHECK(ceiling.upper == Approx(number(expected_rsa()["ceiling"][name][1])).epsilon(1e-12));
  }
  const auto tied = noise_ceiling(arma::round(subjects), RdmComparison::spearman);
  CHECK(tied.lower == Approx(number(expected_rsa()["ceiling_tied"][0])).epsilon(1e-12));
  CHECK(tied.upper == Approx(number(expected_rsa()["ceiling_tied"][1])).epsilon(1e-12));
}

TEST_CASE("no RDM does better than the upper end of the noise ceiling", "[measures]") {
  const arma::mat subjects = columns(expected_rsa()["subjects"]);
  for (const auto how : {RdmComparison::pearson, RdmComparison::cosine, RdmComparison::whitened_cosine}) {
    const double upper = noise_ceiling(subjects, how).upper;
    const arma::vec best = pooled_rdm(subjects, how);
    const auto performance = [&](const arma::vec &rdm) {
      double sum = 0;
      for (std::size_t s = 0; s < subjects.n_cols; ++s) sum += rdm_similarity(rdm, subjects.col(s), how);
      return sum / static_cast<double>(subjects.n_cols);
    };
    CHECK(performance(best) == Approx(upper).epsilon(1e-12));
    for (std::uint64_t k = 0; k < 50; ++k) CHECK(performance(best + 0.1 * normal(best.n_elem, 1, 20 + k)) < upper);
  }
}

TEST_CASE("equal subjects have a noise ceiling of 1, and a pair that one lacks is pooled over the others",
          "[measures]") {
  const arma::vec a = columns(expected_rsa()["subjects"]).col(0);
  arma::mat subjects = arma::join_rows(a, 2 * a, 3 * a);
  subjects(4, 1) = arma::datum::nan;
  const auto ceiling = noise_ceiling(subjects, RdmComparison::cosine);
  CHECK(ceiling.lower > 0.99);
  CHECK(ceiling.upper > ceiling.lower);
  CHECK(pooled_rdm(subjects, RdmComparison::cosine).is_finite());
  subjects(4, 1) = 2 * a[4];
  for (const auto how : all_comparisons) {
    CHECK(noise_ceiling(subjects, how).lower == Approx(1).epsilon(1e-13));
    CHECK(noise_ceiling(subjects, how).upper == Approx(1).epsilon(1e-13));
  }
  CHECK_THROWS_WITH(noise_ceiling(a, RdmComparison::cosine), ContainsSubstring("1 subjects, at least 2"));
}
