// These tests check bootstrap and permutation of RDMs: what is drawn, and how often the tests reject a true hypothesis.
#include "measures/rsa_inference.hpp"
#include "catch.hpp"
#include "measures/model_performance.hpp"
#include "measures/multiple_comparisons.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa_permutation.hpp"
#include "numeric/random.hpp"
#include "representation_reference.hpp"
#include "representations.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace representations;
using namespace reference;
namespace numeric = engram::numeric;

namespace {

arma::vec rdm(std::size_t conditions, std::uint64_t seed, std::size_t neurons = 3) {
  return upper_triangle(euclidean_rdm(normal(conditions, neurons, seed)));
}

// RDMs of the conditions plus noise of their own, as columns.
arma::mat noisy_rdms(const arma::mat &shared, std::size_t count, double noise, std::uint64_t seed) {
  arma::mat out(shared.n_rows * (shared.n_rows - 1) / 2, count);
  for (std::size_t k = 0; k < count; ++k)
    out.col(k) = upper_triangle(euclidean_rdm(shared + noise * normal(shared.n_rows, shared.n_cols, seed + k)));
  return out;
}

arma::mat random_rdms(std::size_t conditions, std::size_t count, std::uint64_t seed) {
  return noisy_rdms(arma::zeros(conditions, 3), count, 1, seed);
}

// The drawn numbers, as bootstrap_performance() counts them.
std::vector<std::size_t> drawn(const char *what, std::size_t count, std::uint64_t seed, std::size_t sample) {
  const numeric::Random random{seed, numeric::Purpose::resample, numeric::name_key(what)};
  std::vector<std::size_t> out(count);
  for (std::size_t k = 0; k < count; ++k) out[k] = std::size_t(random.uniform(k, sample) * double(count));
  return out;
}

arma::vec of_drawn(const arma::vec &pairs, const std::vector<std::size_t> &conditions) {
  const arma::mat square = rdm_of_pairs(pairs);
  arma::mat out(square.n_rows, square.n_rows, arma::fill::zeros);
  for (std::size_t i = 0; i < out.n_rows; ++i)
    for (std::size_t j = 0; j < out.n_rows; ++j)
      out(i, j) = conditions[i] == conditions[j] ? arma::datum::nan : square(conditions[i], conditions[j]);
  return upper_triangle(out);
}

// Two-sided p of Student's distribution with 5 degrees of freedom, in closed form.
double student_5(double t) {
  const double angle = std::atan(std::abs(t) / std::sqrt(5.0)), c = std::cos(angle);
  return 1 - 2 / arma::datum::pi * (angle + std::sin(angle) * (c + 2.0 / 3 * c * c * c));
}

} // namespace

TEST_CASE("a bootstrap sample is the similarity of the RDMs of the drawn conditions and subjects", "[measures]") {
  constexpr std::size_t conditions = 9;
  arma::mat models = random_rdms(conditions, 3, 1), subjects = random_rdms(conditions, 4, 10);
  models.col(2) = arma::round(models.col(2)); // ties
  const bool missing = GENERATE(false, true);
  if (missing) {
    models(3, 0) = arma::datum::nan;
    subjects(7, 2) = arma::datum::nan;
  }
  arma::mat m = models, s = subjects;
  share_missing_pairs(m, s);
  for (const auto how : all_comparisons) {
    const auto samples = bootstrap_performance(models, subjects, how, {Resample::both, 20, 5, 1});
    REQUIRE(samples.n_rows == 20);
    for (std::size_t k = 0; k < 20; ++k) {
      const auto c = drawn("conditions", conditions, 5, k), of_subjects = drawn("subjects", 4, 5, k);
      double expected = 0;
      for (const std::size_t who : of_subjects)
        expected += rdm_similarity(of_drawn(m.col(2), c), of_drawn(s.col(who), c), how) / 4;
      INFO("comparison " << int(how) << ", sample " << k);
      CHECK(samples(k, 2) == Approx(expected).epsilon(1e-11));
    }
  }
}

TEST_CASE("conditions or subjects are drawn alone, from the same numbers at any number of threads", "[measures]") {
  const arma::mat models = random_rdms(12, 2, 1), subjects = random_rdms(12, 5, 10);
  for (const auto how : {RdmComparison::spearman, RdmComparison::kendall_tau_a})
    for (const auto what : {Resample::conditions, Resample::subjects, Resample::both}) {
      const auto one = bootstrap_performance(models, subjects, how, {what, 50, 3, 1});
      CHECK(apart(one, bootstrap_performance(models, subjects, how, {what, 50, 3, 3})) == 0);
      CHECK(apart(one.head_rows(20), bootstrap_performance(models, subjects, how, {what, 20, 3, 1})) < 1e-14);
      CHECK(apart(one, bootstrap_performance(models, subjects, how, {what, 50, 4, 1})) > 0);
    }
  const auto similarity = model_similarities(models, subjects, RdmComparison::pearson);
  const auto samples = bootstrap_performance(models, subjects, RdmComparison::pearson, {Resample::subjects, 30, 3, 1});
  for (std::size_t k = 0; k < 30; ++k) {
    double expected = 0;
    for (const std::size_t who : drawn("subjects", 5, 3, k)) expected += similarity(1, who) / 5;
    CHECK(samples(k, 1) == Approx(expected).epsilon(1e-13));
  }
}

TEST_CASE("a sample of fewer than three conditions is unknown, and of three conditions most are", "[measures]") {
  const arma::mat models = random_rdms(3, 1, 1), subjects = random_rdms(3, 1, 2);
  const auto samples =
      bootstrap_performance(models, subjects, RdmComparison::cosine, {Resample::conditions, 200, 1, 1});
  std::size_t few = 0; // of two conditions all dissimilarities are one, which correlates with anything
  for (std::size_t k = 0; k < 200; ++k) {
    const auto c = drawn("conditions", 3, 1, k);
    const bool same = c[0] == c[1] || c[1] == c[2] || c[0] == c[2];
    few += same;
    CHECK(std::isnan(samples(k, 0)) == same);
  }
  REQUIRE(few > 100); // 21 of 27
  CHECK(std::isnan(finite_percentile_interval(samples.col(0), 0.9).low));
}

// numpy.percentile of 1 … 9 (its default): 5 % at 1.4, 95 % at 8.6.
TEST_CASE("an interval lies between the quantiles", "[measures]") {
  arma::vec values{9, 1, 8, 2, arma::datum::nan, 7, 3, 6, 4, 5};
  const auto interval = finite_percentile_interval(values, 0.9);
  CHECK(interval.low == Approx(1.4).epsilon(1e-14));
  CHECK(interval.high == Approx(8.6).epsilon(1e-14));
  values.fill(arma::datum::nan);
  CHECK(std::isnan(finite_percentile_interval(values, 0.9).low));
  CHECK_THROWS_AS(finite_percentile_interval(values, 1), std::invalid_argument);
}

TEST_CASE("a permutation test relabels one side only and counts itself", "[measures]") {
  const arma::mat subjects = noisy_rdms(normal(10, 3, 1), 3, 0.3, 2);
  const arma::vec model = rdm(10, 1);
  for (const auto how : all_comparisons) {
    const auto test = permutation_test(model, subjects, how, {99, 7, 1});
    INFO("comparison " << int(how));
    CHECK(test.performance == Approx(model_performance(model, subjects, how)[0]).epsilon(1e-12));
    CHECK(test.p == Approx(0.01).epsilon(1e-14)); // none is as large
    const numeric::Random random{7, numeric::Purpose::shuffle, numeric::name_key("conditions")};
    const auto labels = numeric::permutation(random, 10, 5);
    const arma::vec relabelled = of_drawn(model, labels);
    CHECK(test.null[5] == Approx(model_performance(relabelled, subjects, how)[0]).epsilon(1e-11));
    CHECK(apart(test.null, permutation_test(model, subjects, how, {99, 7, 3}).null) == 0);
  }
}

TEST_CASE("a relabelling that changes nothing counts as large as the data", "[measures]") {
  arma::mat one_apart(4, 1, arma::fill::zeros); // the RDM of a model that tells one of four conditions
  one_apart(0, 0) = 1;
  const arma::vec model = upper_triangle(euclidean_rdm(one_apart));
  const auto test = permutation_test(model, model, RdmComparison::pearson, {2000, 1, 1});
  CHECK(test.p == Approx(0.25).margin(4 * std::sqrt(0.25 * 0.75 / 2000)));
}

TEST_CASE("pairs that are missing leave a permutation test its rate and its sense", "[measures]") {
  arma::mat subjects = noisy_rdms(normal(10, 3, 1), 3, 0.3, 2);
  arma::vec model = rdm(10, 1);
  subjects(4, 1) = model[9] = arma::datum::nan;
  CHECK(permutation_test(model, subjects, RdmComparison::spearman, {99, 1, 1}).p == Approx(0.01));
  CHECK(permutation_test(rdm(10, 77), subjects, RdmComparison::spearman, {99, 1, 1}).p > 0.05);
}

// 200 repetitions at 5 %: between 3 and 19 rejections have a probability of 0.997 (binomial).
TEST_CASE("a permutation test rejects independent data at the nominal rate", "[measures]") {
  std::size_t rejected = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    const arma::mat subjects = random_rdms(10, 3, 1000 + 10 * k);
    rejected += permutation_test(rdm(10, 5000 + k), subjects, RdmComparison::spearman, {99, k, 1}).p <= 0.05;
  }
  INFO(rejected << " of 200");
  CHECK(rejected >= 3);
  CHECK(rejected <= 19);
}

// The same interval. Over subjects the test is exact in the mean; over conditions and over both it keeps below the
// rate.
TEST_CASE("two models that are equally far from independent data are told apart at no more than the nominal rate",
          "[measures]") {
  std::size_t subjects_drawn = 0, percentile = 0, conditions_drawn = 0, both_drawn = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    const arma::mat models = random_rdms(12, 2, 7000 + 10 * k), subjects = random_rdms(12, 10, 20000 + 20 * k);
    const auto p = [&](Resample what) {
      return compare_models(models, subjects, RdmComparison::pearson, {what, 199, k, 1})[0];
    };
    const auto by_subjects = p(Resample::subjects);
    subjects_drawn += by_subjects.p <= 0.05;
    percentile += by_subjects.percentile_p <= 0.05;
    conditions_drawn += p(Resample::conditions).p <= 0.05;
    both_drawn += p(Resample::both).p <= 0.05;
  }
  INFO("subjects " << subjects_drawn << " (by percentiles " << percentile << "), conditions " << conditions_drawn
                   << ", both " << both_drawn);
  CHECK(subjects_drawn >= 3);
  CHECK(subjects_drawn <= 19);
  CHECK(conditions_drawn <= 19);
  CHECK(both_drawn <= 19);
}

TEST_CASE("a model that is better is told from one that is worse", "[measures]") {
  const arma::mat truth = normal(20, 4, 1);
  const arma::mat subjects = noisy_rdms(truth, 8, 0.7, 2);
  const arma::mat models =
      arma::join_rows(noisy_rdms(truth, 1, 0.1, 20), noisy_rdms(truth, 1, 1.5, 30), noisy_rdms(truth, 1, 0.1, 20));
  for (const auto what : {Resample::conditions, Resample::subjects, Resample::both}) {
    const auto tests = compare_models(models, subjects, RdmComparison::spearman, {what, 400, 1, 1});
    REQUIRE(tests.size() == 3);
    CHECK(tests[0].first == 0);
    CHECK(tests[0].second == 1);
    CHECK(tests[0].difference > 0);
    CHECK(tests[0].p < 0.01);
    CHECK(tests[0].percentile_p < 0.01);
    CHECK(tests[0].interval.low > 0);
    CHECK(tests[0].interval.high > tests[0].difference);
    CHECK(tests[1].difference == 0); // the same model
    CHECK(tests[1].p == 1);
    CHECK(tests[1].percentile_p == 1);
    CHECK(tests[2].difference == -tests[0].difference);
  }
}

// scipy.stats.ttest_rel: with all bootstrap samples the variance is (S − 1) / S² times that of the differences.
TEST_CASE("the test over subjects is the paired t-test", "[measures]") {
  const arma::mat models = random_rdms(10, 2, 1), subjects = noisy_rdms(normal(10, 3, 1), 6, 1, 50);
  const auto test = compare_models(models, subjects, RdmComparison::pearson, {Resample::subjects, 40000, 1, 1})[0];
  const arma::mat similarity = model_similarities(models, subjects, RdmComparison::pearson);
  const arma::vec differences = (similarity.row(0) - similarity.row(1)).t();
  const double t = arma::mean(differences) / (arma::stddev(differences) / std::sqrt(6.0));
  CHECK(test.difference == Approx(arma::mean(differences)).epsilon(1e-12));
  CHECK(test.p == Approx(student_5(t)).epsilon(0.03));
}

// Schütt et al. 2023 with S = 6 subjects and C = 15 conditions: 6/5, 15/14.
TEST_CASE("the test over both takes the variance that is counted twice out once", "[measures]") {
  const arma::mat truth = normal(15, 3, 1), subjects = noisy_rdms(truth, 6, 1, 50);
  const arma::mat models = noisy_rdms(truth, 2, 0.5, 80);
  const auto variance = [&](Resample what) {
    const arma::mat x = bootstrap_performance(models, subjects, RdmComparison::pearson, {what, 500, 2, 1});
    return arma::var(arma::vec(x.col(0) - x.col(1)));
  };
  const double both = variance(Resample::both), c = variance(Resample::conditions), s = variance(Resample::subjects);
  const double expected = 6.0 / 5 * s + 15.0 / 14 * c - 6.0 / 5 * 15 / 14 * (both - s - c);
  REQUIRE(expected < both); // no bound is at work
  REQUIRE(expected > 6.0 / 5 * s);
  REQUIRE(expected > 15.0 / 14 * c);
  const auto test = compare_models(models, subjects, RdmComparison::pearson, {Resample::both, 500, 2, 1})[0];
  CHECK(test.p == Approx(student_5(test.difference / std::sqrt(expected))).epsilon(1e-9));
}

// Closed testing with Bonferroni's test (Holm) and the smallest level that rejects (Benjamini and Hochberg), by NumPy.
TEST_CASE("corrections for many tests are those of the definitions", "[measures]") {
  const auto &e = representation().at("corrections");
  const arma::vec p = vector(e["p"]);
  CHECK(apart(holm(p), vector(e["holm"])) < 1e-14);
  CHECK(apart(benjamini_hochberg(p), vector(e["benjamini_hochberg"])) < 1e-14);
  const arma::vec gap = arma::join_cols(p, arma::vec{arma::datum::nan});
  CHECK(apart(holm(gap).head(p.n_elem), holm(p)) == 0); // what is missing is no test
  CHECK(std::isnan(benjamini_hochberg(gap)[p.n_elem]));
  CHECK_THROWS_AS(holm({0.5, 1.5}), std::invalid_argument);
}

TEST_CASE("RSA refuses models and subjects that do not fit", "[measures]") {
  const arma::mat models = random_rdms(5, 2, 1);
  CHECK_THROWS_WITH(model_performance(models, arma::mat(6, 2), RdmComparison::pearson),
                    ContainsSubstring("10 pairs, subjects of 6"));
  CHECK_THROWS_WITH(model_performance(models, arma::mat(10, 0), RdmComparison::pearson),
                    ContainsSubstring("one subject"));
  CHECK_THROWS_AS(model_performance(arma::mat(5, 1), arma::mat(5, 1), RdmComparison::pearson), NotApplicable);
  CHECK_THROWS_WITH(compare_models(models, models.col(0), RdmComparison::pearson, {Resample::subjects, 10, 1, 1}),
                    ContainsSubstring("one subject says nothing"));
}
