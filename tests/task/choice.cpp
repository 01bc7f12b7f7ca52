// These tests check how a neuron of the output is chosen: greedily, or by the softmax of the rates.
#include "task/choice.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace engram;

namespace {

constexpr std::size_t choice_trials = 20000;

task::Objective choosing(double temperature, double exploration) {
  task::Objective o;
  o.temperature = temperature;
  o.exploration = exploration;
  return o;
}

std::vector<std::uint64_t> numbered(std::size_t count) {
  std::vector<std::uint64_t> out(count);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

// The choices of many trials whose output has the same rates.
task::Choice<double> chosen_of(const task::Objective &o, const arma::vec &rate, bool explore, std::uint64_t seed = 3) {
  task::Choice<double> out;
  const arma::mat rates = arma::repmat(rate, 1, choice_trials);
  task::choose(o, rates, explore, {seed, numeric::Purpose::choice, 0}, numbered(choice_trials), out);
  return out;
}

} // namespace

TEST_CASE("in tests the highest rate is chosen, and surely", "[objective]") {
  task::Choice<double> choice;
  const arma::mat rate{{0.1, 5, -2}, {0.3, 1, -1}, {0.2, 4, -3}};
  task::choose(choosing(1, 1), rate, false, {1, numeric::Purpose::choice, 0}, numbered(3), choice);
  CHECK(choice.neuron == std::vector<std::size_t>{1, 0, 1});
  CHECK(choice.probability == std::vector<double>{1, 1, 1});
}

TEST_CASE("in learning choices come as often as the softmax of the rates says", "[objective]") {
  const arma::vec rate{0.5, 1.5, -0.5, 1.2};
  for (const double temperature : {0.3, 1.0, 4.0})
    for (const double exploration : {1.0, 0.4, 0.0}) {
      CAPTURE(temperature, exploration);
      const auto choice = chosen_of(choosing(temperature, exploration), rate, true);
      arma::vec p = exploration * arma::exp(rate / temperature) / arma::accu(arma::exp(rate / temperature));
      p[1] += 1 - exploration; // the highest rate in the other trials
      arma::vec count(4, arma::fill::zeros);
      double worst = 0;
      for (std::size_t b = 0; b < choice_trials; ++b) {
        count[choice.neuron[b]] += 1;
        worst = std::max(worst, std::abs(choice.probability[b] - p[choice.neuron[b]]));
      }
      CHECK(worst < 1e-14);
      const double n = static_cast<double>(choice_trials);
      for (arma::uword i = 0; i < 4; ++i) // 4 standard deviations of a binomial number
        CHECK(std::abs(count[i] - n * p[i]) <= 4 * std::sqrt(n * p[i] * (1 - p[i])));
    }
}

TEST_CASE("a choice follows from the seed and its trial's number alone", "[objective]") {
  const auto o = choosing(1, 0.8);
  const arma::vec rate{0.5, 0.7, 0.6};
  const auto all = chosen_of(o, rate, true);
  CHECK(chosen_of(o, rate, true).neuron == all.neuron);
  CHECK(chosen_of(o, rate, true, 4).neuron != all.neuron);
  // Some of the trials, in another order and beside other rates.
  const std::vector<std::uint64_t> some{17, 4, 19999, 312};
  arma::mat rates = arma::repmat(rate, 1, 5);
  rates.col(4) = arma::vec{9, 0, 0};
  auto numbers = some;
  numbers.push_back(5);
  task::Choice<double> few;
  task::choose(o, rates, true, {3, numeric::Purpose::choice, 0}, numbers, few);
  for (std::size_t b = 0; b < some.size(); ++b) {
    CHECK(few.neuron[b] == all.neuron[some[b]]);
    CHECK(few.probability[b] == all.probability[some[b]]);
  }
}

TEST_CASE("a choice among large rates is made all the same", "[objective]") {
  const auto choice = chosen_of(choosing(0.01, 1), arma::vec{1e6, 1e6 + 1, -1e6}, true);
  for (const auto neuron : choice.neuron) REQUIRE(neuron == 1); // e^{−100} of the others
  CHECK(choice.probability.front() == Approx(1).epsilon(1e-12));
}
