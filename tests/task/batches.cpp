// These tests check in which order trials are run: what an epoch shows, and what the order follows from.
#include "catch.hpp"
#include "circuits.hpp"
#include "simulation/training.hpp"
#include "task/trials.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace engram;
using task::batches;

namespace {

using Rows = std::vector<std::size_t>;

Rows joined_rows(const std::vector<Rows> &parts) {
  Rows out;
  for (const auto &part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Rows sorted_rows(Rows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

} // namespace

TEST_CASE("each epoch shows each trial once, in batches that are full but for the last", "[protocol]") {
  for (const std::size_t count : {0, 1, 7, 64, 100}) {
    Rows rows;
    for (std::size_t k = 0; k < count; ++k) rows.push_back(3 * k + 5); // some of a larger data set
    for (const std::size_t batch : {1, 2, 7, 64, 1000})
      for (const bool shuffle : {false, true})
        for (const std::size_t epoch : {0, 1, 12}) {
          CAPTURE(count, batch, shuffle, epoch);
          const auto parts = batches(rows, batch, shuffle, 4, epoch);
          REQUIRE(parts.size() == (count + batch - 1) / batch);
          for (std::size_t k = 0; k < parts.size(); ++k)
            REQUIRE(parts[k].size() == (k + 1 < parts.size() ? batch : count - batch * k));
          REQUIRE(sorted_rows(joined_rows(parts)) == rows);
          if (!shuffle) REQUIRE(joined_rows(parts) == rows);
        }
  }
}

TEST_CASE("the order of an epoch follows from the seed and the epoch alone", "[protocol]") {
  Rows rows(50);
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = k;
  const auto order = [&](std::uint64_t seed, std::size_t epoch, std::size_t batch = 8) {
    return joined_rows(batches(rows, batch, true, seed, epoch));
  };
  CHECK(order(1, 3) == order(1, 3));
  CHECK(order(1, 3, 1) == order(1, 3, 50)); // not from the size of a batch
  std::set<Rows> all;
  for (const std::uint64_t seed : {1, 2, 3})
    for (std::size_t epoch = 0; epoch < 20; ++epoch) all.insert(order(seed, epoch));
  CHECK(all.size() == 60); // 50! orders: two that are equal would be no chance
}

TEST_CASE("a shuffled trial comes at each place as often", "[protocol]") {
  // Counts of N = 10 trials at 10 places over n = 5000 epochs. Rows and columns have fixed sums, and the variance in
  // each of the 81 directions that are left is n / (N − 1): the sum of squares by it is χ² of mean 81 and deviation
  // √162.
  const Rows rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  arma::mat count(10, 10, arma::fill::zeros);
  for (std::size_t epoch = 0; epoch < 5000; ++epoch) {
    const auto order = joined_rows(batches(rows, 3, true, 9, epoch));
    for (std::size_t k = 0; k < order.size(); ++k) count(order[k], k) += 1;
  }
  CHECK(std::abs(arma::accu(arma::square(count - 500)) / (5000.0 / 9) - 81) < 4 * std::sqrt(162.0));
}

TEST_CASE("a run learns from the training trials, and tests those held out", "[protocol]") {
  circuits::Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  c.learn("rule", "backprop");
  c.connect(in, out, "rule");
  c.objective("mse", out);
  c.phase(1, 1, true);
  c.data(23);
  c.trials.training.clear();
  for (std::size_t k = 0; k < 23; ++k) (k % 4 == 1 ? c.trials.held_out : c.trials.training).push_back(k);
  c.model.task.batch = 5;
  c.model.task.epochs = 3;
  c.model.task.shuffle = true;
  struct Watched final : simulation::Observer<double> {
    Rows learnt, tested;
    void begin(const simulation::Batch &batch) override {
      auto &rows = batch.learn ? learnt : tested;
      rows.insert(rows.end(), batch.rows.begin(), batch.rows.end());
    }
    void step(std::size_t, const network::Signals<double> &) override {}
  } watched;
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulation::Hooks<double> hooks;
  hooks.training = hooks.held_out = &watched;
  const auto summary = simulation::run(c.model, c.trials, simulator, hooks);
  CHECK(sorted_rows(watched.learnt) == c.trials.training); // of the last epoch
  CHECK(watched.tested == c.trials.held_out);
  CHECK(summary.trials == 3 * 23);

  // What is held out does not touch the weights: with other trials in its place they come out the same.
  auto other = c;
  auto &inputs = std::get<std::vector<double>>(other.trials.arrays.at("inputs").values);
  for (const auto row : c.trials.held_out)
    for (std::size_t i = 0; i < 3; ++i) inputs[row * 3 + i] = 1e3;
  auto again = other.build<double>();
  simulation::Simulator<double> second(other.model, again, other.trials, other.rules, {}, 1);
  simulation::run(other.model, other.trials, second, simulation::Hooks<double>{});
  CHECK(arma::all(arma::vectorise(again.dense[0].weights == network.dense[0].weights)));
  CHECK(arma::abs(network.dense[0].weights - c.build<double>().dense[0].weights).max() > 1e-3);
}
