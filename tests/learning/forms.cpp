// These tests compare rules of one form with the same in another, and with their equations by brute force.
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;
using circuits::Circuit;

namespace {

const engram_rule *test_rule(const std::string &name) { return circuits::rule("../tests/plugins/" + name); }

Circuit two_regions(const std::string &plugin, const engram_rule *table, std::size_t pres, std::size_t posts,
                    double rate) {
  Circuit c;
  const auto in = c.input(pres), out = c.fixed("out", posts, "linear");
  c.learn("r", plugin, rate);
  c.rules.back() = table;
  c.connect(in, out, "r");
  c.phase(1, false, true);
  c.data(12);
  return c;
}

template <class T> arma::Mat<T> learnt(const Circuit &c, int updates, int threads = 1) {
  auto network = c.build<T>();
  simulation::Simulator<T> simulator(c.model, network, c.trials, c.rules, {}, threads);
  for (int k = 0; k < updates; ++k) simulator.run(c.all(true));
  return network.dense[0].weights;
}

} // namespace

TEST_CASE("oja in factors and oja synapse by synapse give the same weights", "[rules]") {
  const auto factored = two_regions("oja", circuits::rule("oja"), 150, 4, 0.002);
  auto synaptic = factored;
  synaptic.rules.back() = test_rule("oja_synaptic");
  const auto a = learnt<double>(factored, 200), b = learnt<double>(synaptic, 200);
  CHECK(arma::abs(a - b).max() < 1e-12);
  CHECK(arma::abs(a - factored.build<double>().dense[0].weights).max() > 1e-3); // it has learnt something
  CHECK(arma::approx_equal(b, learnt<double>(synaptic, 200, 2), "absdiff", 0.0));
}

TEST_CASE("state by synapse and trial, by neuron, and a modulator, against brute force", "[rules]") {
  Circuit c;
  const auto in = c.input(3), out = c.leaky("out", 2, "tanh", 4);
  c.learn("r", "oja", 0.1, {{"decay", 0.8}});
  c.rules.back() = test_rule("trace");
  c.connect(in, out, "r");
  c.objective("mse", out);
  c.model.objective.delivery = model::Objective::Delivery::scalar;
  c.phase(3, false, false); // not plastic: only the traces move
  c.phase(4, true, true);
  c.data(5);
  auto network = c.build<double>();
  struct Seen final : simulation::Observer<double> {
    std::vector<arma::mat> x, y;
    void step(std::size_t, const network::Signals<double> &s) override {
      x.push_back(s[0][network::Signal::rate]);
      y.push_back(s[1][network::Signal::rate]);
    }
  } seen;
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const arma::mat before = network.dense[0].weights;
  simulator.run(c.all(true), &seen);
  arma::mat target(2, 5), expected(2, 3, arma::fill::zeros);
  c.trials.targets.gather(c.trials.training, 1.0, target.memptr());
  for (std::size_t b = 0; b < 5; ++b) {
    arma::mat e(2, 3, arma::fill::zeros);
    arma::rowvec sum(3, arma::fill::zeros);
    for (std::size_t t = 0; t < 7; ++t) {
      e = 0.8 * e + seen.y[t].col(b) * seen.x[t].col(b).t();
      sum += seen.x[t].col(b).t();
      const double reward = -0.5 * arma::accu(arma::square(seen.y[t].col(b) - target.col(b)));
      if (t >= 3) expected += reward * (e.each_row() + sum);
    }
  }
  expected *= 0.1 / (5 * 4); // rate, mean over trials and calls
  CHECK(arma::abs(network.dense[0].weights - before - expected).max() < 1e-13);
}
