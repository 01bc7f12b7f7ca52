// These tests compare generalized linear models with closed forms, and with what the likelihood's derivatives must be.
#include "measures/glm.hpp"

#include "measures/not_applicable.hpp"
#include "measures/stored.hpp"

#include "catch.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

// Two groups: a constant, and 1 in the second.
arma::mat groups(arma::uword first, arma::uword second) {
  arma::mat x(first + second, 2, arma::fill::ones);
  x.col(1).head(first).zeros();
  return x;
}

} // namespace

// With a group for each coefficient, μ is the group's mean, and the variance of its logarithm 1 / Σ y.
TEST_CASE("a Poisson model of two groups has their means", "[measures]") {
  const auto fit = fit_glm(groups(4, 3), {1, 0, 2, 5, 3, 9, 3}, Family::poisson);
  CHECK(fit.coefficients[0] == Approx(std::log(2)).epsilon(1e-12));
  CHECK(fit.coefficients[1] == Approx(std::log(5.0 / 2)).epsilon(1e-12));
  CHECK(fit.standard_errors[0] == Approx(std::sqrt(1.0 / 8)).epsilon(1e-9));
  CHECK(fit.standard_errors[1] == Approx(std::sqrt(1.0 / 8 + 1.0 / 15)).epsilon(1e-9));
  CHECK(fit.fitted[0] == Approx(2).epsilon(1e-12));
  // Deviance 2 Σ y ln(y / μ) − (y − μ), and Σ y ln μ − μ − ln y!.
  CHECK(fit.deviance ==
        Approx(2 * (std::log(0.5) + 5 * std::log(2.5) + 6 * std::log(0.6) + 9 * std::log(1.8))).epsilon(1e-12));
  CHECK(fit.log_likelihood == Approx(8 * std::log(2) - 8 + 15 * std::log(5) - 15 - std::log(2) - std::log(120) -
                                     2 * std::log(6) - std::log(362880.0))
                                  .epsilon(1e-12));
}

TEST_CASE("a logistic model of two groups has their odds", "[measures]") {
  const auto fit = fit_glm(groups(4, 5), {1, 0, 0, 0, 1, 1, 0, 1, 0}, Family::binomial);
  CHECK(fit.coefficients[0] == Approx(std::log(1.0 / 3)).epsilon(1e-12));
  CHECK(fit.coefficients[1] == Approx(std::log(3.0 / 2) - std::log(1.0 / 3)).epsilon(1e-12));
  CHECK(fit.standard_errors[0] == Approx(std::sqrt(1 + 1.0 / 3)).epsilon(1e-9));
  CHECK(fit.log_likelihood == Approx(std::log(0.25) + 3 * std::log(0.75) + 3 * std::log(0.6) + 2 * std::log(0.4)));
  CHECK(fit.deviance == Approx(-2 * fit.log_likelihood));
}

// Where the likelihood is greatest, Xᵀ (y − μ) = 0; x and x² are of very different sizes, as with a place cell.
TEST_CASE("the score of a fitted model is 0", "[measures]") {
  const auto random = random_of(7);
  arma::mat x(2000, 3, arma::fill::ones);
  arma::vec y(2000);
  for (arma::uword t = 0; t < y.n_elem; ++t) {
    x(t, 1) = 100 * random.uniform(t);
    x(t, 2) = x(t, 1) * x(t, 1);
    const double mean = std::exp(-6 + 0.3 * x(t, 1) - 0.0025 * x(t, 2));
    double product = random.uniform(t, 1);
    for (std::uint64_t k = 2; product > std::exp(-mean); ++k) { // Knuth's way to a Poisson number
      y[t] += 1;
      product *= random.uniform(t, k);
    }
  }
  const auto fit = fit_glm(x, y, Family::poisson);
  const arma::vec score = x.t() * (y - fit.fitted);
  CHECK(arma::abs(score / arma::sum(arma::abs(x)).t()).max() < 1e-10);
  CHECK(std::abs(fit.coefficients[1] - 0.3) < 4 * fit.standard_errors[1]);
  CHECK(std::abs(fit.coefficients[2] + 0.0025) < 4 * fit.standard_errors[2]);
  // An offset of ln 2 takes it off the constant.
  const auto shifted = fit_glm(x, y, Family::poisson, arma::vec(2000, arma::fill::value(std::log(2))));
  CHECK(shifted.coefficients[0] == Approx(fit.coefficients[0] - std::log(2)).epsilon(1e-9));
  CHECK(shifted.coefficients[1] == Approx(fit.coefficients[1]).epsilon(1e-9));
}

TEST_CASE("a train's history counts its spikes in the bins before", "[measures]") {
  const auto x = spike_history({1, 0, 2, 0, 0, 1}, {1, 2, 4});
  CHECK(arma::approx_equal(x, arma::mat{{0, 0}, {1, 0}, {0, 1}, {2, 1}, {0, 2}, {0, 2}}, "absdiff", 0));
  CHECK_THROWS_AS(spike_history({1, 0}, {0, 1}), std::invalid_argument);
  CHECK_THROWS_AS(spike_history({1, 0}, {2, 2}), std::invalid_argument);
}

// A spike is followed by one in the next bin with probability 1/2, else one comes with 1/10; counts are 0 or 1.
TEST_CASE("the history of a bursting train tells its spikes", "[measures]") {
  const auto random = random_of(3);
  arma::vec y(20000);
  for (arma::uword t = 1; t < y.n_elem; ++t) y[t] = random.uniform(t) < (y[t - 1] > 0 ? 0.5 : 0.1);
  arma::mat x = arma::join_rows(arma::vec(y.n_elem, arma::fill::ones), spike_history(y, {1, 2, 3}));
  const auto fit = fit_glm(x, y, Family::binomial);
  CHECK(std::abs(fit.coefficients[0] - std::log(1.0 / 9)) < 4 * fit.standard_errors[0]);
  CHECK(std::abs(fit.coefficients[1] - std::log(9)) < 4 * fit.standard_errors[1]);
  CHECK(std::abs(fit.coefficients[2]) < 4 * fit.standard_errors[2]);
  CHECK(fit.standard_errors.max() < 0.1);
}

TEST_CASE("models that have no fit are refused", "[measures]") {
  const arma::mat x = groups(3, 3);
  CHECK_THROWS_AS(fit_glm(x, {1, 2, 1, 0, 0, 0}, Family::poisson), NotApplicable);  // the second mean is 0
  CHECK_THROWS_AS(fit_glm(x, {1, 0, 1, 1, 1, 1}, Family::binomial), NotApplicable); // the second share is 1
  CHECK_THROWS_AS(fit_glm(arma::join_rows(x, x.col(1)), {1, 2, 1, 2, 1, 4}, Family::poisson), NotApplicable);
  CHECK_THROWS_AS(fit_glm(x, {1, 2, 1, -1, 0, 0}, Family::poisson), NotApplicable);
  CHECK_THROWS_AS(fit_glm(x, {1, 2, 1, 0, 0, 0}, Family::binomial), NotApplicable);
  CHECK_THROWS_AS(fit_glm(x, {1, 2, arma::datum::nan, 1, 1, 1}, Family::poisson), NotApplicable);
  CHECK_THROWS_AS(fit_glm(x, {1, 2}, Family::poisson), std::invalid_argument);
  CHECK_THROWS_AS(fit_glm(x, arma::vec(6, arma::fill::ones), Family::poisson, {1, 2}), std::invalid_argument);
}
