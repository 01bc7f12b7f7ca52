// These tests check the schedules of the learning rate.
#include "learning/learning_rate.hpp"
#include "catch.hpp"
#include "circuits.hpp"
#include "learning/schedule_entry.hpp"

#include <algorithm>
#include <vector>

using namespace engram;

TEST_CASE("a schedule scales the rate of each epoch", "[learning]") {
  const auto linear = circuits::typed("linear", {{"begin", 0.5}, {"end", 0.2}});
  CHECK(learning::learning_rate_factor(linear, 5, 10) == 1);
  CHECK(learning::learning_rate_factor(linear, 9, 10) == Approx(1 - 0.8 * 0.4 / 0.5)); // s = 0.9
  const auto late = circuits::typed("linear", {{"begin", 1}, {"end", 0}});
  CHECK(learning::learning_rate_factor(late, 9, 10) == 1); // it never begins to fall
  const auto cosine = circuits::typed("cosine", {{"end", 0.1}});
  CHECK(learning::learning_rate_factor(cosine, 0, 8) == 1);
  CHECK(learning::learning_rate_factor(cosine, 4, 8) == Approx(0.55)); // half way between 1 and 0.1
  CHECK(learning::learning_rate_factor(circuits::typed("exponential", {{"factor", 0.5}}), 3, 4) == Approx(0.125));

  // In a circuit: the same change of the weights in each epoch, times the factor.
  circuits::Circuit c;
  const auto in = c.input(4), out = c.fixed("out", 2, "linear");
  c.learn("r", "hebb", 0.1);
  c.connect(in, out, "r");
  c.phase(1, false, true);
  c.data(12);
  c.model.task.epochs = 4;
  c.model.rules[0].schedule = circuits::typed("exponential", {{"factor", 0.5}});
  std::vector<arma::mat> moved;
  for (const std::size_t epoch : {0, 2}) {
    auto network = c.build<double>();
    const arma::mat before = network.dense[0].weights;
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    simulator.run({c.all(true).rows, epoch, true});
    moved.push_back(network.dense[0].weights - before);
  }
  CHECK(arma::abs(moved[0]).max() > 0);
  CHECK(arma::abs(moved[1] - 0.25 * moved[0]).max() < 1e-14);
}

TEST_CASE("a schedule only lowers the rate, the default one not even that", "[learning]") {
  for (const auto &entry : learning::schedule_entries()) {
    CAPTURE(entry.words.name);
    model::Typed schedule{entry.words.name, {}, {}};
    for (const auto &p : entry.words.parameters) schedule.parameters[p.name] = model::Quantity::of(p.initial);
    std::vector<double> factors;
    for (std::size_t epoch = 0; epoch <= 7; ++epoch)
      factors.push_back(learning::learning_rate_factor(schedule, epoch, 7));
    const auto [low, high] = std::minmax_element(factors.begin(), factors.end());
    CHECK(*low >= 0);
    CHECK(*high <= 1);
    CHECK((*low == 1) == entry.words.is_default);
    CHECK(learning::learning_rate_factor(schedule, 9, 7) == factors.back()); // after the last epoch it stays
  }
}
