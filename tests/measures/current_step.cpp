// These tests find planted steps of a current.
#include "measures/current_step.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"

#include "catch.hpp"

#include <cmath>

using namespace engram::measures;

namespace {

// 5000 samples × 4 sweeps: steps of −20, 0, 30 and 60 from sample 1234 to 3456, in noise of ± `noise`.
arma::mat planted(double noise, std::size_t first = 1234, std::size_t last = 3456) {
  const engram::numeric::Random random{3, engram::numeric::Purpose::noise, 0};
  arma::mat out(5000, 4);
  const double height[] = {-20, 0, 30, 60};
  for (arma::uword k = 0; k < 4; ++k)
    for (arma::uword t = 0; t < 5000; ++t)
      out(t, k) = 5 + (t >= first && t < last ? height[k] : 0) + noise * (2 * random.uniform(t, k) - 1);
  return out;
}

} // namespace

TEST_CASE("a step is found to the sample, and its heights with it", "[measures]") {
  const auto exact = planted(0);
  const auto step = find_step(exact);
  CHECK(step.first == 1234);
  CHECK(step.last == 3456);
  CHECK(step.explained == Approx(1));
  const arma::vec heights = step_heights(exact, step);
  CHECK(heights[0] == Approx(-20));
  CHECK(heights[1] == Approx(0).margin(1e-12));
  CHECK(heights[3] == Approx(60));
  const auto noisy = find_step(planted(20));
  CHECK(std::abs(static_cast<double>(noisy.first) - 1234) < 10);
  CHECK(std::abs(static_cast<double>(noisy.last) - 3456) < 10);
  CHECK(noisy.explained < 0.95);
}

TEST_CASE("a step that lasts to the end of the sweep is what follows its beginning", "[measures]") {
  const auto to_end = find_step(planted(0, 4000, 5000));
  CHECK(to_end.first == 4000);
  CHECK(to_end.last == 5000);
  CHECK(step_heights(planted(0, 4000, 5000), to_end)[2] == Approx(30));
}

TEST_CASE("a transient is no step", "[measures]") {
  auto current = planted(0);
  current.row(1234).fill(700);
  current.row(3456).fill(-700);
  const auto step = find_step(current);
  CHECK(std::abs(static_cast<double>(step.first) - 1234) <= 1);
  CHECK(std::abs(static_cast<double>(step.last) - 3456) <= 1);
  CHECK(step_heights(current, step)[3] == Approx(60));
}

TEST_CASE("a current without a step has none", "[measures]") {
  CHECK_THROWS_AS(find_step(arma::mat(10, 2, arma::fill::ones)), NotApplicable);
  CHECK_THROWS_AS(find_step(arma::mat(2, 1)), NotApplicable);
  arma::mat unknown(10, 1, arma::fill::zeros);
  unknown[3] = arma::datum::nan;
  CHECK_THROWS_AS(find_step(unknown), NotApplicable);
}
