// These tests read headings that were planted in a ring of neurons.
#include "measures/ring_activity.hpp"

#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;

namespace {

constexpr double half_turn = std::numbers::pi;

// 1 + cos about a place that goes around: |z| / Σ a = (N / 2) / N.
arma::mat bump(const arma::vec &place, arma::uword neurons) {
  arma::mat out(place.n_elem, neurons);
  for (arma::uword k = 0; k < neurons; ++k)
    out.col(k) = 1 + arma::cos(place - 2 * half_turn * static_cast<double>(k) / static_cast<double>(neurons));
  return out;
}

} // namespace

TEST_CASE("a bump on a ring is read where it is, and follows the heading by its gain", "[measures]") {
  const arma::vec heading = arma::linspace(0.5, 0.5 + 8 * half_turn, 400);
  const auto found = ring_vector(bump(0.75 * heading, 16));
  CHECK(arma::abs(found.length - 0.5).max() < 1e-12);
  CHECK(arma::abs(found.phase - 0.75 * heading).max() < 1e-10);
  const auto follows = following(found.phase, heading);
  CHECK(follows.slope == Approx(0.75).epsilon(1e-12));
  CHECK(follows.r == Approx(1).epsilon(1e-12));
  CHECK(follows.turns == Approx(4).epsilon(1e-12));
  const arma::vec x{0, 1, 0, 2}, y{0, 2, 1, 1}; // steps 1 −1 2 and 2 −1 0: deviations (1, −5, 4)/3, (5, −4, −1)/3
  CHECK(following(x, y).r_of_steps == Approx(21 / 42.0).epsilon(1e-12));
  CHECK(std::isnan(following(x, arma::vec(4, arma::fill::ones)).slope));
}

TEST_CASE("angles are unwrapped by less than half a turn", "[measures]") {
  const arma::vec found = unwrapped({3, -3, -1, 2.5, -2});
  CHECK(found[1] == Approx(2 * half_turn - 3));
  CHECK(found[2] == Approx(2 * half_turn - 1));
  CHECK(found[3] == Approx(2.5)); // 3.5 on is more than half a turn
  CHECK(found[4] == Approx(2 * half_turn - 2));
}

TEST_CASE("fluorescence is relative to its smallest values", "[measures]") {
  arma::mat f(10, 1);
  f.col(0) = arma::vec{9, 3, 2, 4, 6, 8, 8, 7, 6, 12};
  CHECK(relative_fluorescence(f)(1, 0) == Approx(0.5));                // F₀ = 2
  CHECK(relative_fluorescence(f, 0.29)(9, 0) == Approx(12 / 2.5 - 1)); // F₀ = (2 + 3) / 2
  CHECK_THROWS_AS(relative_fluorescence(f.head_rows(9)), NotApplicable);
  CHECK_THROWS_AS(relative_fluorescence(0 * f), NotApplicable);
  CHECK_THROWS_AS(relative_fluorescence(f, 0), std::invalid_argument);
  const arma::mat smooth = moving_average(f, 5);
  CHECK(smooth.n_rows == 6);
  CHECK(smooth(0, 0) == Approx(24 / 5.0));
  CHECK_THROWS_AS(moving_average(f, 11), NotApplicable);
  CHECK_THROWS_AS(moving_average(f, 0), std::invalid_argument);
}

TEST_CASE("rings and headings that are none are refused", "[measures]") {
  CHECK_THROWS_AS(ring_vector(arma::mat(5, 2, arma::fill::ones)), NotApplicable);
  CHECK_THROWS_AS(ring_vector(arma::mat(5, 4).fill(arma::datum::nan)), NotApplicable);
  CHECK_THROWS_AS(following({1, 2}, {1, 2}), NotApplicable);
  CHECK_THROWS_AS(following({1, 2, 3}, {1, 2}), std::invalid_argument);
}
