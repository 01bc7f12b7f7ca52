// These tests check the reliability, signal and noise of repeated responses.
#include "measures/reliability.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {

const numeric::Random trial_draws{6, numeric::Purpose::noise, 0};

// Signal of this variance, of population mean 1, and independent noise of variance 1.
arma::cube simulated(arma::uword conditions, arma::uword neurons, arma::uword repeats, double signal,
                     std::uint64_t which) {
  arma::mat mean(conditions, neurons);
  trial_draws.normals(mean.memptr(), mean.n_elem, 2 * which);
  arma::cube out(conditions, neurons, repeats);
  trial_draws.normals(out.memptr(), out.n_elem, 2 * which + 1);
  out.each_slice() += 1 + std::sqrt(signal) * mean;
  return out;
}

} // namespace

// Definitions in NumPy, with all splits of the repeats (3 of four, 15 of five).
TEST_CASE("reliability, power and correlations are those of their definitions", "[measures]") {
  const auto all = load("reliability");
  for (const std::string name : {"even", "odd"}) {
    INFO(name);
    const auto &r = all[name];
    const arma::cube responses = cube(r["responses"]);
    const arma::mat predicted = matrix(r["predicted"]);
    CHECK(off(split_half_reliability(responses), vector(r["reliability"])) < 1e-12);
    const auto power = response_power(responses);
    CHECK(off(power.signal, vector(r["signal"])) < 1e-12);
    CHECK(off(power.noise, vector(r["noise"])) < 1e-12);
    CHECK(off(power.explainable, vector(r["explainable"])) < 1e-12);
    CHECK(off(explained_of_explainable(responses, predicted), vector(r["explained"])) < 1e-12);
    const auto cc = normalized_correlation(responses, predicted);
    CHECK(off(cc.absolute, vector(r["absolute"])) < 1e-12);
    CHECK(off(cc.maximum, vector(r["maximum"])) < 1e-12);
    CHECK(off(cc.normalized, vector(r["normalized"])) < 1e-12);
    CHECK(off(signal_correlation(responses), matrix(r["signal correlation"])) < 1e-12);
    CHECK(off(noise_correlation(responses), matrix(r["noise correlation"])) < 1e-12);
    CHECK(off(noise_correlation(responses, NoisePooling::residuals), matrix(r["residual correlation"])) < 1e-12);
    arma::cube other(responses.n_rows, responses.n_cols, 1);
    other.slice(0) = predicted;
    CHECK(off(psth_correlation(responses, other), vector(r["absolute"])) < 1e-12); // both are correlations of means
  }
}

// Four repeats are halved in three ways, which are written out.
TEST_CASE("the spread over halves is the deviation of their correlations", "[measures]") {
  const arma::cube responses = simulated(12, 3, 4, 1, 40);
  const auto found = split_half(responses);
  for (arma::uword n = 0; n < 3; ++n) {
    const auto r = [&](arma::uword i, arma::uword j, arma::uword k, arma::uword l) {
      const arma::vec one = responses.slice(i).col(n) + responses.slice(j).col(n);
      const arma::vec other = responses.slice(k).col(n) + responses.slice(l).col(n);
      return arma::as_scalar(arma::cor(one, other));
    };
    const arma::vec ways{r(0, 1, 2, 3), r(0, 2, 1, 3), r(0, 3, 1, 2)};
    CHECK(found.correlation[n] == Approx(arma::mean(ways)).epsilon(1e-12));
    CHECK(found.spread[n] == Approx(arma::stddev(ways)).epsilon(1e-12));
  }
  CHECK(std::isnan(split_half(simulated(12, 1, 2, 1, 41)).spread[0])); // there is one way to halve two repeats
  arma::cube gaps = responses;
  gaps(3, 0, 1) = arma::datum::nan;
  const auto of_gaps = split_half(gaps);
  CHECK(of_gaps.spread[0] > 0);
  CHECK(of_gaps.spread[1] == found.spread[1]);
}

TEST_CASE("the Spearman-Brown formula extrapolates reliability", "[measures]") {
  CHECK(spearman_brown(0.5, 2) == Approx(2.0 / 3).epsilon(1e-15));
  CHECK(spearman_brown(0.25, 3) == Approx(0.5).epsilon(1e-15));
  CHECK(spearman_brown(spearman_brown(0.3, 4), 0.25) == Approx(0.3).epsilon(1e-14));
  CHECK(spearman_brown(1, 7) == 1);
  CHECK(spearman_brown(0, 2) == 0);
  CHECK(std::isnan(spearman_brown(-0.1, 2))); // the formula goes to −∞ below
  CHECK(std::isnan(spearman_brown(-1, 2)));
}

// Of the mean over R repeats with signal variance s and noise variance 1: s / (s + 1 / R).
TEST_CASE("split-half reliability is the share of the mean's variance that is signal", "[measures]") {
  for (const arma::uword repeats : {2, 5, 8}) {
    const auto reliability = split_half_reliability(simulated(400, 200, repeats, 0.5, repeats), 10);
    CHECK(arma::mean(reliability) == Approx(0.5 / (0.5 + 1 / double(repeats))).epsilon(0.01));
  }
}

TEST_CASE("random split halves agree with all of them, and with themselves", "[measures]") {
  const auto responses = simulated(50, 20, 10, 1, 40); // 126 splits of ten repeats
  const arma::vec all = split_half_reliability(responses, 126), some = split_half_reliability(responses, 60, 1);
  CHECK(arma::abs(all - some).max() < 0.02);
  CHECK(arma::abs(all - some).max() > 0);
  CHECK(arma::all(some == split_half_reliability(responses, 60, 1)));
  CHECK(arma::any(some != split_half_reliability(responses, 60, 2)));
  CHECK(arma::all(all == split_half_reliability(responses, 500, 3))); // drawing does not matter once all are taken
}

// 20 000 neurons of eight conditions. Standard deviation of the estimate over neurons: about 0.39, so 0.003 of the
// mean.
TEST_CASE("the signal power of Gaussian responses is estimated without bias", "[measures]") {
  for (const double signal : {0.0, 0.5}) {
    const auto power = response_power(simulated(8, 20000, 3, signal, signal > 0 ? 20 : 21));
    const double error = arma::stddev(power.signal) / std::sqrt(20000.0);
    CHECK(std::abs(arma::mean(power.signal) - signal) < 3.5 * error);
    CHECK(std::abs(arma::mean(power.noise) - 1) < 3.5 * arma::stddev(power.noise) / std::sqrt(20000.0));
    // The variance of the mean response itself holds 1/R of the noise.
    if (signal == 0) CHECK(arma::any(power.signal < 0));
  }
}

TEST_CASE("the true signal explains all that can be explained, and noise hides it from the plain correlation",
          "[measures]") {
  arma::mat signal(300, 100);
  trial_draws.normals(signal.memptr(), signal.n_elem, 60);
  arma::cube responses(300, 100, 4);
  trial_draws.normals(responses.memptr(), responses.n_elem, 61);
  responses *= 2;
  responses.each_slice() += signal; // reliability 1 / (1 + 4 / 4)
  const auto cc = normalized_correlation(responses, signal);
  CHECK(arma::mean(cc.absolute) == Approx(std::sqrt(0.5)).epsilon(0.01));
  // Over neurons these two have standard deviations of 0.06 and 0.12: a tenth of it for their means.
  CHECK(arma::mean(cc.normalized) == Approx(1).epsilon(0.02));
  CHECK(arma::mean(explained_of_explainable(responses, signal)) == Approx(1).epsilon(0.04));
  CHECK(arma::mean(explained_of_explainable(responses, 0 * signal)) == Approx(0).margin(0.02)); // the population's mean
}

// Two neurons share a signal with correlation 0.6, and noise with correlation −0.4.
TEST_CASE("signal and noise correlations are told apart", "[measures]") {
  const arma::mat mix = arma::chol(arma::mat{{1, 0.6}, {0.6, 1}}),
                  noise_mix = arma::chol(arma::mat{{1, -0.4}, {-0.4, 1}});
  arma::mat signal(2000, 2);
  trial_draws.normals(signal.memptr(), signal.n_elem, 70);
  arma::cube responses(2000, 2, 12);
  trial_draws.normals(responses.memptr(), responses.n_elem, 71);
  responses.each_slice([&](arma::mat &trial) { trial = trial * noise_mix + 3 * signal * mix; });
  CHECK(noise_correlation(responses, NoisePooling::residuals)(0, 1) == Approx(-0.4).margin(0.02));
  CHECK(noise_correlation(responses)(0, 1) == Approx(-0.4).margin(0.03));
  // (9 · 0.6 − 0.4 / 12) / (9 + 1 / 12): a twelfth of the noise is in the means
  CHECK(signal_correlation(responses)(0, 1) == Approx((9 * 0.6 - 0.4 / 12) / (9 + 1.0 / 12)).margin(0.04));
}

TEST_CASE("a constant neuron has no correlation, and what cannot be measured is refused", "[measures]") {
  arma::cube responses = simulated(6, 3, 4, 1, 80);
  responses.tube(0, 1, 5, 1).fill(0.1);
  CHECK(std::isnan(split_half_reliability(responses)[1]));
  CHECK(std::isnan(noise_correlation(responses)(0, 1)));
  CHECK(std::isnan(signal_correlation(responses)(1, 1)));
  CHECK(signal_correlation(responses)(2, 2) == 1);
  CHECK(noise_correlation(responses)(0, 0) == 1);
  CHECK(std::isfinite(noise_correlation(responses)(0, 2)));
  CHECK(std::isnan(normalized_correlation(responses, responses.slice(0)).normalized[1]));
  CHECK_THROWS_AS(response_power(arma::cube(6, 3, 1)), NotApplicable);
  CHECK_THROWS_AS(split_half_reliability(arma::cube(1, 3, 4)), NotApplicable);
  CHECK_THROWS_AS(split_half_reliability(responses, 0), std::invalid_argument);
  CHECK_THROWS_AS(normalized_correlation(responses, arma::mat(6, 2)), std::invalid_argument);
  responses(0, 0, 0) = arma::datum::nan; // a trial that is missing; the others count
  CHECK(std::isfinite(noise_correlation(responses)(0, 2)));
  CHECK_THROWS_AS(explained_of_explainable(responses, arma::mat(6, 3, arma::fill::zeros)), NotApplicable);
  responses(0, 0, 0) = arma::datum::inf;
  CHECK_THROWS_AS(noise_correlation(responses), NotApplicable);
}
