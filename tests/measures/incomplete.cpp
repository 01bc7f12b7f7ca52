// These tests compare measures of responses of which some are missing with their definitions, and with what is known.
#include "catch.hpp"
#include "measures/correlation.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/predictivity.hpp"
#include "measures/rdm.hpp"
#include "measures/rdm_incomplete.hpp"
#include "measures/reference_data.hpp"
#include "measures/reliability.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {

const numeric::Random incomplete_draws{12, numeric::Purpose::noise, 0};
const double gone = arma::datum::nan;

// Signal and noise of variance 1.
arma::cube signal_and_noise(arma::uword conditions, arma::uword neurons, arma::uword repeats, std::uint64_t which) {
  arma::mat signal(conditions, neurons);
  incomplete_draws.normals(signal.memptr(), signal.n_elem, 2 * which);
  arma::cube out(conditions, neurons, repeats);
  incomplete_draws.normals(out.memptr(), out.n_elem, 2 * which + 1);
  out.each_slice() += signal;
  return out;
}

} // namespace

// NumPy, with all 120 orders of five repeats; 4000 random orders of ours have a 63rd of the spread over orders as
// error.
TEST_CASE("measures of unequal repeats and of neurons that miss trials are those of their definitions", "[measures]") {
  const auto all = load("incomplete");
  for (const std::string name : {"uneven", "patchy"}) {
    INFO(name);
    const auto &r = all[name];
    const arma::cube responses = cube(r["responses"]);
    const auto halves = split_half(responses, 4000, 1);
    const arma::vec error = arma::abs(halves.correlation - vector(r["halves"]));
    CHECK(arma::all(error <= vector(r["spread of halves"]) / 63 * 4));
    CHECK(off(halves.reliability, vector(r["reliability"])) < 0.03); // NaN where the halves correlate below 0
    const auto power = response_power(responses);
    if (name == "uneven") { // a neuron that lacks nothing has another estimate
      CHECK(off(power.signal, vector(r["signal"])) < 1e-12);
      CHECK(off(power.noise, vector(r["noise"])) < 1e-12);
    } else {
      CHECK(power.signal[0] == Approx(number(r["signal"][0])).epsilon(1e-12));
      CHECK(power.noise[2] == Approx(number(r["noise"][2])).epsilon(1e-12));
    }
    CHECK(off(signal_correlation(responses), matrix(r["signal correlation"])) < 1e-12);
    CHECK(off(noise_correlation(responses, NoisePooling::residuals), matrix(r["noise correlation"])) < 1e-12);
    const arma::mat precision = matrix(r["precision"]);
    CHECK(off(upper_triangle(crossnobis_rdm(responses, precision)), vector(r["crossnobis"])) < 1e-12);
    const auto noise = noise_covariance(responses);
    CHECK(noise.shrinkage == Approx(number(r["shrinkage"])).epsilon(1e-12));
    CHECK(off(noise.covariance, matrix(r["covariance"])) < 1e-12);
  }
  CHECK(off(independent_condition_noise(cube(all["patchy"]["responses"])).diag(), vector(all["independent noise"])) <
        1e-12);
}

TEST_CASE("dissimilarities of conditions that lack neurons are those of the neurons that both have", "[measures]") {
  const auto r = load("incomplete")["rdms"];
  const arma::mat X = matrix(r["X"]), precision = matrix(r["precision"]);
  CHECK(off(upper_triangle(correlation_rdm(X)), vector(r["correlation"])) < 1e-12);
  CHECK(off(upper_triangle(euclidean_rdm(X)), vector(r["euclidean"])) < 1e-12);
  CHECK(off(upper_triangle(mahalanobis_rdm(X, precision)), vector(r["mahalanobis"])) < 1e-10);
}

// A neuron that was never recorded changes nothing: the precision of the others is the inverse of their covariance.
TEST_CASE("crossnobis leaves out a neuron where it has no two repeats", "[measures]") {
  const arma::cube whole = signal_and_noise(6, 5, 4, 0);
  const arma::mat mixing = signal_and_noise(5, 5, 1, 1).slice(0), covariance = mixing.t() * mixing + arma::eye(5, 5);
  arma::cube without = whole;
  without.tube(0, 2, 5, 2).fill(gone);
  const arma::uvec others{0, 1, 3, 4};
  arma::cube four(6, 4, 4);
  for (arma::uword k = 0; k < 4; ++k) four.col(k) = whole.col(others[k]);
  const arma::mat expected = crossnobis_rdm(four, arma::inv_sympd(arma::mat(covariance.submat(others, others))));
  CHECK(off(crossnobis_rdm(without, arma::inv_sympd(covariance)), expected) < 1e-10);
  without = whole;
  without.tube(3, 2, 3, 2).fill(gone); // in one condition alone
  const arma::mat some = crossnobis_rdm(without, arma::inv_sympd(covariance)),
                  whole_rdm = crossnobis_rdm(whole, arma::inv_sympd(covariance));
  CHECK(some(3, 0) == Approx(expected(3, 0)).epsilon(1e-10));
  CHECK(some(1, 0) == Approx(whole_rdm(1, 0)).epsilon(1e-10));
  // One repeat of a condition has no crossvalidated square.
  without = whole;
  for (arma::uword r = 1; r < 4; ++r) without.slice(r).row(4).fill(gone);
  const arma::mat lone = crossnobis_rdm(without, arma::inv_sympd(covariance));
  CHECK(std::isnan(lone(4, 0)));
  CHECK(std::isfinite(lone(5, 0)));
}

TEST_CASE("the incomplete forms meet the complete ones", "[measures]") {
  const arma::cube whole = signal_and_noise(20, 7, 6, 2);
  const arma::mat eye = arma::eye(7, 7);
  CHECK(off(incomplete_crossnobis(whole, eye, 1), crossnobis_rdm(whole, eye)) < 1e-12);
  CHECK(off(incomplete_crossnobis(whole, eye, 3), incomplete_crossnobis(whole, eye, 1)) == 0);
  // A repeat that nobody has is no repeat.
  arma::cube padded(20, 7, 8);
  padded.fill(gone);
  padded.slices(0, 5) = whole;
  CHECK(off(noise_covariance(padded).covariance, noise_covariance(whole).covariance) < 1e-12);
  CHECK(off(crossnobis_rdm(padded, eye), crossnobis_rdm(whole, eye)) < 1e-12);
  CHECK(off(independent_condition_noise(padded), independent_condition_noise(whole)) < 1e-12);
  CHECK(off(noise_correlation(padded), noise_correlation(whole)) < 1e-12);
  CHECK(off(signal_correlation(padded), signal_correlation(whole)) < 1e-12);
  CHECK(off(mean_response(padded), mean_response(whole)) < 1e-12);
  // Neurons are looked at one by one: that another lacks something does not change them.
  arma::cube patchy = whole;
  patchy(3, 2, 1) = gone;
  const arma::vec before = split_half_reliability(whole), after = split_half_reliability(patchy);
  CHECK(before[0] == after[0]);
  CHECK(after[2] != before[2]);
  CHECK(std::abs(after[2] - before[2]) < 0.05);
  CHECK(response_power(patchy).signal[0] == response_power(whole).signal[0]);
}

// 2000 neurons; reliability s / (s + mean of 1 / R_c) with signal and noise of variance 1.
TEST_CASE("unequal repeats leave reliability and signal power without bias", "[measures]") {
  arma::cube responses = signal_and_noise(60, 2000, 8, 3);
  double in_mean = 0;
  for (arma::uword c = 0; c < 60; ++c) {
    const arma::uword repeats = 2 + c % 7;
    for (arma::uword r = repeats; r < 8; ++r) responses.slice(r).row(c).fill(gone);
    in_mean += 1 / static_cast<double>(repeats) / 60;
  }
  CHECK(arma::mean(split_half_reliability(responses, 20)) == Approx(1 / (1 + in_mean)).epsilon(0.01));
  const auto power = response_power(responses);
  CHECK(std::abs(arma::mean(power.signal) - 1) < 4 * arma::stddev(power.signal) / std::sqrt(2000.0));
  CHECK(std::abs(arma::mean(power.noise) - 1) < 4 * arma::stddev(power.noise) / std::sqrt(2000.0));
}

// 400 experiments in which neurons miss trials at random; four standard errors.
TEST_CASE("crossnobis is unbiased where neurons miss trials", "[measures]") {
  const arma::mat signal = 3 + signal_and_noise(4, 6, 1, 4).slice(0);
  const arma::vec truth = upper_triangle(euclidean_rdm(signal));
  arma::mat found(truth.n_elem, 400);
  for (std::size_t k = 0; k < found.n_cols; ++k) {
    arma::cube X(4, 6, 5);
    incomplete_draws.normals(X.memptr(), X.n_elem, 1000 + k);
    X.each_slice() += signal;
    for (arma::uword n = 0; n < 3; ++n)
      for (arma::uword c = 0; c < 4; ++c)
        X(c, n, static_cast<arma::uword>(incomplete_draws.uniform(n * 4 + c, 5000 + k) * 5)) = gone;
    found.col(k) = upper_triangle(crossnobis_rdm(X));
  }
  const arma::vec error = arma::stddev(found, 0, 1) / std::sqrt(400.0);
  CHECK(arma::abs((arma::mean(found, 1) - truth) / error).max() < 4);
}

// Neurons 0 and 1 were never recorded together, and half of the others neither.
TEST_CASE("a covariance that is put together from different trials has a precision", "[measures]") {
  arma::cube X = signal_and_noise(6, 20, 8, 5);
  const arma::cube drawn = signal_and_noise(6, 1, 8, 6);
  const arma::mat shared(drawn.memptr(), 6, 8);
  for (arma::uword r = 0; r < 8; ++r) X.slice(r).each_col() += 3 * shared.col(r);
  for (arma::uword n = 0; n < 20; ++n)
    for (arma::uword r = 0; r < 8; ++r)
      if ((r / 2 + n) % 4 > 1) X.slice(r).col(n).fill(gone);
  const auto noise = noise_covariance(X);
  CHECK(noise.covariance(0, 2) == 0); // repeats 0 to 3, and 4 to 7
  CHECK(noise.covariance(0, 4) != 0);
  CHECK(arma::eig_sym(noise.covariance).min() > 0);
  CHECK_NOTHROW(noise_precision(noise.covariance));
}

TEST_CASE("a neuron that never varies has no noise, whatever rounding leaves of it", "[measures]") {
  arma::cube X = signal_and_noise(5, 3, 3, 7);
  X.tube(0, 1, 4, 1).fill(0.1); // the mean of three is not 0.1 to the last bit
  CHECK(arma::approx_equal(noisy_neurons(X), arma::uvec{0, 2}, "absdiff", 0));
  X.tube(0, 1, 4, 1).fill(gone);
  CHECK(arma::approx_equal(noisy_neurons(X), arma::uvec{0, 2}, "absdiff", 0));
}

// Σ_K of runs: two conditions share all runs, and a third one half of them.
TEST_CASE("conditions of different runs share less noise", "[measures]") {
  constexpr arma::uword neurons = 4000, runs = 4;
  arma::cube X(3, neurons, runs);
  incomplete_draws.normals(X.memptr(), X.n_elem, 20000);
  arma::mat of_run(neurons, runs);
  incomplete_draws.normals(of_run.memptr(), of_run.n_elem, 20001);
  for (arma::uword r = 0; r < runs; ++r)
    for (arma::uword c = 0; c < 3; ++c) X.slice(r).row(c) += of_run.col(r).t();
  for (arma::uword r = 2; r < runs; ++r) X.slice(r).row(2).fill(gone);
  const arma::mat noise = correlated_condition_noise(X);
  CHECK(noise(0, 0) == Approx(2.0 / 4).epsilon(0.05)); // variance 2, 1 of which is the run's
  CHECK(noise(2, 2) == Approx(2.0 / 2).epsilon(0.05));
  CHECK(noise(0, 1) == Approx(1.0 / 4).epsilon(0.08));
  CHECK(noise(0, 2) == Approx(2.0 / (4 * 2)).epsilon(0.08)); // two runs in common, of four and of two
}

// 200 conditions, 20 repeats of which a tenth is missing: reliability 20/21, and a noise-free model.
TEST_CASE("a planted map is predicted where responses are missing", "[measures]") {
  arma::mat x(200, 5);
  incomplete_draws.normals(x.memptr(), x.n_elem, 30000);
  arma::mat weights(5, 8);
  incomplete_draws.normals(weights.memptr(), weights.n_elem, 30001);
  arma::cube responses(200, 8, 10);
  incomplete_draws.normals(responses.memptr(), responses.n_elem, 30002);
  responses.each_slice() += x * weights;
  for (arma::uword k = 0; k < responses.n_elem; k += 10 + k % 3) responses[k] = gone;
  const auto found = predictivity(one_repeat(x), responses);
  CHECK(found.left_out == 0);
  CHECK(found.corrected_median == Approx(1).epsilon(0.01));
  responses.tube(7, 3).fill(gone);
  CHECK_THROWS_AS(predictivity(one_repeat(x), responses), NotApplicable); // no response to condition 7
}

// "median(): detected NaN" ended the program: of 3 held-out conditions, a draw is often of one alone.
TEST_CASE("predictivity of six conditions has a value and an interval", "[measures]") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const arma::cube features = signal_and_noise(6, 5, 1, 40 + seed);
    arma::cube responses(6, 4, 3);
    incomplete_draws.normals(responses.memptr(), responses.n_elem, 40000 + seed);
    responses.each_slice() += 3 * features.slice(0).cols(0, 3);
    PredictivityOptions options;
    options.folds = 2;
    const auto found = predictivity(features, responses, options);
    CHECK(std::isfinite(found.corrected_median));
    CHECK(std::isfinite(found.over_conditions.low));
  }
}
