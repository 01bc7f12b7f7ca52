// Products of factors are formed in the call of a rule. Those of the last step of a trial wait for the weights to move,
// and keep what they read.
#include "catch.hpp"
#include "circuits.hpp"

#include <limits>
#include <memory>

using namespace engram;
using circuits::Circuit;
using network::Signal;

namespace {

constexpr std::size_t n_pre = 4, n_post = 3, n_trials = 5;
using SharedRates = std::shared_ptr<network::Signals<double>>;

Circuit hebbian(double delay = 0) {
  Circuit c;
  const auto in = c.input(n_pre), out = c.fixed("out", n_post, "linear");
  c.learn("rule", "hebb"); // its factors are the rates themselves
  c.connect(in, out, "rule", delay);
  c.phase(1, 0, true);
  c.data(4);
  return c;
}

SharedRates some_rates(double from) {
  const auto signals = std::make_shared<network::Signals<double>>(2);
  (*signals)[0][Signal::rate] = arma::reshape(arma::regspace(from, from + n_pre * n_trials - 1), n_pre, n_trials);
  (*signals)[1][Signal::rate] =
      arma::cos(arma::reshape(arma::regspace(from, from + n_post * n_trials - 1), n_post, n_trials));
  return signals;
}

// The mean over trials of what the rule wants of signals: post · preᵀ.
arma::mat mean_product(const arma::mat &post, const arma::mat &pre) { return post * pre.t() / n_trials; }

struct OneProjection {
  explicit OneProjection(const Circuit &circuit)
      : c(circuit), network(c.build<double>()), plasticity(c.model, network, c.rules, 1) {
    plasticity.begin_epoch(0);
    plasticity.begin(n_trials);
  }
  void call(const SharedRates &signals, bool last, std::size_t step = 0) {
    learning::Moment moment;
    moment.step = step;
    moment.plastic = true;
    moment.end_of_phase = moment.end_of_trial = last;
    plasticity.call(moment, signals, history, modulators);
  }
  Circuit c;
  network::Network<double> network;
  learning::Plasticity<double> plasticity;
  network::History<double> history;
  learning::Modulators<double> modulators;
};

void spoil(network::Signals<double> &signals) {
  for (auto &region : signals) region[Signal::rate].fill(std::numeric_limits<double>::quiet_NaN());
}

} // namespace

TEST_CASE("the last product of a trial keeps the signals that it reads until it is formed", "[learning]") {
  OneProjection one(hebbian());
  auto signals = some_rates(1);
  const arma::mat expected = mean_product((*signals)[1][Signal::rate], (*signals)[0][Signal::rate]);
  const std::weak_ptr<network::Signals<double>> read = signals;
  one.call(signals, true);
  simulation::unshare(signals); // as whoever writes into signals does before
  spoil(*signals);
  REQUIRE_FALSE(read.expired());
  CHECK(arma::approx_equal(one.plasticity.change(0), expected, "reldiff", 1e-12));
  CHECK(read.expired());
}

TEST_CASE("products of the steps before the last are formed in the call", "[learning]") {
  OneProjection one(hebbian());
  const auto signals = some_rates(1);
  const arma::mat expected = mean_product((*signals)[1][Signal::rate], (*signals)[0][Signal::rate]);
  one.call(signals, false);
  CHECK(signals.use_count() == 1);
  spoil(*signals);
  CHECK(arma::approx_equal(one.plasticity.change(0), expected, "reldiff", 1e-12));
}

TEST_CASE("the last product of a trial keeps the past that it reads through a delay", "[learning]") {
  OneProjection one(hebbian(2));
  one.history.want(0, Signal::rate, 2);
  one.history.begin(one.network, n_trials, 0);
  const auto past = some_rates(1), now = some_rates(50);
  one.history.store(0, *past);
  one.history.store(1, *now);
  one.history.store(2, *now);
  one.call(now, true, 2);
  one.history.store(3, *some_rates(200)); // in the place of step 0
  const arma::mat expected = mean_product((*now)[1][Signal::rate], (*past)[0][Signal::rate]);
  CHECK(arma::approx_equal(one.plasticity.change(0), expected, "reldiff", 1e-12));
}

TEST_CASE("changes that are measured in two batches are those of both together", "[learning]") {
  const auto c = hebbian();
  const auto measured = [&](const std::vector<std::vector<std::size_t>> &batches) {
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    for (const auto &rows : batches) simulator.measure({rows, 0, true});
    return simulator.change(0);
  };
  const arma::mat together = measured({{0, 1, 2, 3}});
  REQUIRE(arma::abs(together).max() > 1e-3);
  CHECK(arma::abs(measured({{0, 1}, {2, 3}}) - together).max() < 1e-12);
}
