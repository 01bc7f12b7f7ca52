// These tests check the cross-validated predictivity of responses from features.
#include "measures/predictivity.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "measures/reliability.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {

const numeric::Random fold_draws{7, numeric::Purpose::noise, 0};

arma::mat noise(arma::uword rows, arma::uword columns, std::uint64_t which) {
  arma::mat out(rows, columns);
  fold_draws.normals(out.memptr(), out.n_elem, which);
  return out;
}

arma::cube repeated(const arma::mat &mean, arma::uword repeats, double deviation, std::uint64_t which) {
  arma::cube out(mean.n_rows, mean.n_cols, repeats);
  fold_draws.normals(out.memptr(), out.n_elem, which);
  out *= deviation;
  out.each_slice() += mean;
  return out;
}

bool within(double value, const Interval &ci) { return ci.low <= value && value <= ci.high; }

} // namespace

// Fits of scikit-learn in the same folds, correlations of NumPy; features and responses have repeats.
TEST_CASE("predictivity is that of scikit-learn with NumPy, by ridge and by partial least squares", "[measures]") {
  const auto r = load("predictivity");
  const arma::cube features = cube(r["features"]), responses = cube(r["responses"]);
  PredictivityOptions options;
  options.penalties = vector(r["penalties"]);
  options.components = 3;
  options.least_reliability = r["least_reliability"];
  options.bootstrap.draws = 50;
  for (const std::string name : {"ridge", "pls"}) {
    INFO(name);
    options.regression = name == "ridge" ? Regression::ridge : Regression::partial_least_squares;
    const auto found = predictivity(features, responses, folds(r["held_out"], responses.n_rows), options);
    const auto &expected = r[name];
    CHECK(off(found.predicted, matrix(expected["predicted"])) < 1e-9);
    CHECK(off(found.raw, vector(expected["raw"])) < 1e-9);
    arma::vec reliability = vector(expected["reliability"]);
    reliability.elem(arma::find(reliability < 0)).fill(arma::datum::nan); // Spearman-Brown has no value there
    CHECK(off(found.reliability, reliability) < 1e-12);
    CHECK(off(found.model_reliability, vector(expected["model_reliability"])) < 1e-9);
    CHECK(off(found.corrected, vector(expected["corrected"])) < 1e-9);
    CHECK(found.left_out == 1);
    CHECK(found.kept.n_elem == 3);
    CHECK(found.corrected_median == Approx(arma::median(found.corrected.elem(found.kept))));
    CHECK(found.raw_median == Approx(arma::median(found.raw.elem(found.kept))));
    CHECK(std::isnan(found.p));
    CHECK(found.penalty.n_elem == (name == "ridge" ? 16u : 0u));
  }
}

// Signal of variance 1, noise of variance 4 with four repeats: the ceiling of r is √(1 / (1 + 4 / 4)).
TEST_CASE("a planted linear map is predicted up to the ceiling, and the correction lifts it to 1", "[measures]") {
  const arma::mat features = noise(400, 10, 1);
  const arma::mat signal = features * arma::normalise(noise(10, 60, 2));
  const auto responses = repeated(signal, 4, 2, 3);
  PredictivityOptions options;
  options.components = 10; // the map takes all ten
  for (const auto regression : {Regression::ridge, Regression::partial_least_squares}) {
    options.regression = regression;
    const auto found = predictivity(one_repeat(features), responses, options);
    CHECK(found.left_out == 0);
    CHECK(arma::mean(found.raw) == Approx(std::sqrt(0.5)).epsilon(0.03));
    CHECK(found.corrected_median == Approx(1).epsilon(0.03));
    CHECK(within(found.corrected_median, found.over_neurons));
    CHECK(found.over_neurons.high - found.over_neurons.low < 0.06);
    CHECK(within(found.corrected_median, found.over_conditions));
    CHECK(found.over_conditions.high - found.over_conditions.low < 0.1);
  }
}

// As above, with features that have noise too: of variance 1 with two repeats, so that features, and with them
// predictions, have a reliability of 1 / (1 + 1 / 2).
TEST_CASE("the correction takes back the noise of a model as well", "[measures]") {
  const arma::mat latent = noise(400, 6, 11);
  const auto responses = repeated(latent * arma::normalise(noise(6, 50, 12)), 4, 1, 13);
  const auto features = repeated(latent, 2, 1, 14);
  const auto found = predictivity(features, responses);
  CHECK(arma::mean(found.model_reliability) == Approx(1 / 1.5).epsilon(0.05));
  CHECK(arma::mean(found.raw) == Approx(std::sqrt(1 / 1.25 / 1.5)).epsilon(0.03));
  CHECK(found.corrected_median == Approx(1).epsilon(0.03));
  const auto blind = predictivity(one_repeat(mean_response(features)), responses);
  CHECK(arma::all(blind.model_reliability == 1));
  CHECK(off(blind.predicted, found.predicted) < 1e-12);
  CHECK(blind.corrected_median < 0.9);
}

// 400 neurons share nothing with the features: r within folds averages 0. Put together over folds, it would not.
TEST_CASE("independent features predict nothing on average", "[measures]") {
  double within_folds = 0, together = 0, count = 0;
  PredictivityOptions options;
  options.bootstrap.draws = 1;
  for (std::uint64_t k = 0; k < 20; ++k) {
    options.seed = k;
    const auto responses = repeated(noise(40, 20, 100 + k), 2, 0.5, 200 + k);
    const auto found = predictivity(one_repeat(noise(40, 4, 300 + k)), responses, options);
    const arma::mat y = mean_response(responses);
    within_folds += arma::accu(found.raw);
    for (arma::uword n = 0; n < 20; ++n) together += arma::as_scalar(arma::cor(found.predicted.col(n), y.col(n)));
    count += 20;
  }
  CHECK(within_folds / count == Approx(0).margin(0.03)); // √(1 / 40 / 400) = 0.008; neurons share features and folds
  CHECK(together / count < -0.1);
}

TEST_CASE("neurons of low reliability are left out and counted", "[measures]") {
  const arma::mat features = noise(60, 5, 21);
  arma::mat signal = features * noise(5, 6, 22);
  signal.tail_cols(2).zeros();
  PredictivityOptions options;
  options.least_reliability = 0.6;
  options.bootstrap.draws = 100;
  auto responses = repeated(signal, 4, 1, 23);
  responses.tube(0, 0, 59, 0).fill(2); // this one never varies
  const auto found = predictivity(one_repeat(features), responses, options);
  CHECK(found.left_out == 3);
  CHECK(arma::all(found.kept == arma::uvec{1, 2, 3}));
  CHECK(std::isnan(found.corrected[0]));
  CHECK(std::isnan(found.raw[0]));
  CHECK(std::isnan(found.corrected[5]));
  options.least_reliability = 0.9999;
  options.permutations = 3;
  const auto none = predictivity(one_repeat(features), responses, options);
  CHECK(none.left_out == 6);
  CHECK(std::isnan(none.corrected_median));
  CHECK(std::isnan(none.over_conditions.low));
  CHECK(std::isnan(none.p));
}

// 200 repetitions at 5 % (1 of 20): between 3 and 19 of them have a probability of 0.995 (binomial).
TEST_CASE("a permutation test of predictivity has its nominal rate of false positives, and finds a map", "[measures]") {
  PredictivityOptions options;
  options.folds = 3;
  options.penalties = {1, 10, 100};
  options.permutations = 19;
  options.bootstrap.draws = 1;
  options.least_reliability = 0.01;
  std::size_t positives = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    options.seed = k;
    const auto responses = repeated(noise(24, 3, 1000 + k), 2, 0.3, 2000 + k);
    positives += predictivity(one_repeat(noise(24, 3, 3000 + k)), responses, options).p <= 0.05;
  }
  CHECK(positives >= 3);
  CHECK(positives <= 19);
  const arma::mat features = noise(24, 3, 31);
  CHECK(predictivity(one_repeat(features), repeated(features, 2, 0.3, 32), options).p == Approx(0.05));
}

TEST_CASE("predictivity has the same bits at any number of threads", "[measures]") {
  const arma::mat latent = noise(50, 5, 41);
  const auto features = repeated(latent, 3, 1, 42), responses = repeated(latent * noise(5, 8, 43), 4, 1, 44);
  PredictivityOptions options;
  options.permutations = 7;
  options.components = 4;
  for (const auto regression : {Regression::ridge, Regression::partial_least_squares}) {
    options.regression = regression;
    options.threads = 1;
    const auto one = predictivity(features, responses, options);
    options.threads = 3;
    const auto three = predictivity(features, responses, options);
    CHECK(arma::all(one.corrected == three.corrected));
    CHECK(arma::all(one.null == three.null));
    CHECK(one.over_conditions.low == three.over_conditions.low);
    options.seed = 1;
    CHECK(predictivity(features, responses, options).corrected_median != one.corrected_median);
    options.seed = 0;
  }
}

TEST_CASE("predictivity refuses what it cannot measure", "[measures]") {
  const auto features = one_repeat(noise(20, 3, 51));
  const auto responses = repeated(noise(20, 2, 52), 2, 1, 53);
  PredictivityOptions options;
  options.folds = 7; // of fewer than three conditions
  CHECK_THROWS_AS(predictivity(features, responses, options), NotApplicable);
  CHECK_THROWS_AS(predictivity(one_repeat(noise(19, 3, 51)), responses), std::invalid_argument);
  CHECK_THROWS_AS(predictivity(features, one_repeat(noise(20, 2, 52))), NotApplicable);
  options = {};
  options.least_reliability = 0;
  CHECK_THROWS_AS(predictivity(features, responses, options), std::invalid_argument);
  options = {};
  options.regression = Regression::partial_least_squares; // 25 components of three features
  CHECK_THROWS_AS(predictivity(features, responses, options), NotApplicable);
}

// In a draw of each fold's three conditions with replacement one condition is drawn alone with probability 3 / 27, and
// in both folds at once with probability 1 / 81: hundreds of 20000 draws say nothing.
TEST_CASE("draws in which one condition stands for each fold leave the interval over conditions", "[measures]") {
  const arma::mat x = noise(6, 2, 51);
  PredictivityOptions options;
  options.folds = 2;
  options.bootstrap = {20000, 0.95, 1};
  const auto found = predictivity(one_repeat(x), repeated(x * noise(2, 3, 52), 4, 0.1, 53), options);
  REQUIRE(found.kept.n_elem == 3);
  CHECK(std::isfinite(found.over_conditions.low));
  CHECK(found.over_conditions.low <= found.over_conditions.high);
  CHECK(found.over_conditions.high <= arma::max(1 / arma::sqrt(found.reliability)));
}
