// These tests plant a temporal receptive field, and compare ridge with its closed form.
#include "measures/lagged_regression.hpp"

#include "measures/not_applicable.hpp"
#include "measures/stored.hpp"

#include "catch.hpp"

#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

arma::mat lagged_noise(arma::uword rows, arma::uword columns, std::uint64_t seed) {
  const auto random = random_of(seed);
  arma::mat out(rows, columns);
  for (arma::uword k = 0; k < out.n_elem; ++k) out(k) = random.uniform(k) - 0.5;
  return out;
}

} // namespace

TEST_CASE("a lagged stimulus is 0 before the start of each piece", "[measures]") {
  const arma::mat x = lagged({{1, 10}, {2, 20}, {3, 30}}, 2, {0, 2});
  CHECK(arma::approx_equal(x, arma::mat{{1, 0, 10, 0}, {2, 1, 20, 10}, {3, 0, 30, 0}}, "absdiff", 0));
}

TEST_CASE("a planted receptive field is found, and predicts what was held out", "[measures]") {
  const arma::mat stimulus = lagged_noise(300, 2, 1);
  const std::vector<std::size_t> starts{0, 120, 200};
  const arma::mat field{{0, 1}, {2, -1}, {0.5, 0}}; // lags × values
  const arma::mat response = lagged(stimulus, 3, starts) * arma::vectorise(field) + 4;
  const auto fit = fit_lagged(stimulus, response, 3, 0, starts);
  CHECK(arma::approx_equal(fit.weights.slice(0), field, "absdiff", 1e-12));
  CHECK(fit.intercept[0] == Approx(4).epsilon(1e-12));
  CHECK(fit.r_squared[0] == Approx(1).epsilon(1e-12));
  std::vector<std::size_t> fold(300);
  for (std::size_t t = 0; t < fold.size(); ++t) fold[t] = t < 120 ? 0 : t < 200 ? 1 : 2;
  CHECK(arma::approx_equal(predict_lagged(stimulus, response, 3, 0, starts, fold), response, "absdiff", 1e-10));
}

// One value and one lag: w = Σ x y / (Σ x² + λ) of centred x and y.
TEST_CASE("the penalty of a receptive field is ridge's", "[measures]") {
  const arma::mat stimulus = arma::vec{1, 2, 4, 5}, response = arma::vec{0, 1, 1, 6};
  const auto fit = fit_lagged(stimulus, response, 1, 5);
  CHECK(fit.weights(0, 0, 0) == Approx(12.0 / 15).epsilon(1e-14)); // Σ x y = 12, Σ x² = 10
  CHECK(fit.intercept[0] == Approx(2 - 0.8 * 3).epsilon(1e-14));
  const arma::vec left = arma::vec{0, 1, 1, 6} - (stimulus * 0.8 - 0.4);
  CHECK(fit.r_squared[0] == Approx(1 - arma::dot(left, left) / 22).epsilon(1e-13));
}

TEST_CASE("receptive fields that have no fit are refused", "[measures]") {
  const arma::mat stimulus = lagged_noise(20, 2, 2), response = lagged_noise(20, 1, 3);
  CHECK_THROWS_AS(fit_lagged(stimulus, response, 10, 0), NotApplicable); // as many weights as samples
  CHECK_NOTHROW(fit_lagged(stimulus, response, 10, 1));
  CHECK_THROWS_AS(fit_lagged(arma::join_rows(stimulus, stimulus), response, 2, 0), NotApplicable);
  CHECK_THROWS_AS(fit_lagged(stimulus, response, 0, 1), std::invalid_argument);
  CHECK_THROWS_AS(fit_lagged(stimulus, response, 2, -1), std::invalid_argument);
  CHECK_THROWS_AS(fit_lagged(stimulus, response.head_rows(19), 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(fit_lagged(stimulus, response, 2, 1, {0, 20}), std::invalid_argument);
  CHECK_THROWS_AS(fit_lagged(stimulus, response, 2, 1, {3}), std::invalid_argument);
  CHECK_THROWS_AS(predict_lagged(stimulus, response, 2, 1, {0}, std::vector<std::size_t>(20, 4)), NotApplicable);
}
