// These tests check synaptic rules, optimizers, schedules and constraints.
#include "catch.hpp"
#include "circuits.hpp"
#include "learning/learning_rate.hpp"

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

TEST_CASE("optimizers follow their published formulas", "[rules]") {
  model::Rule rule;
  rule.rate = 0.1;
  arma::mat w(2, 2, arma::fill::ones), g{{1, -2}, {0.5, 0}};
  SECTION("momentum, Polyak 1964") {
    rule.optimizer = circuits::typed("momentum", {{"momentum", 0.9}});
    auto o = learning::optimizer_of<double>(rule);
    arma::mat v(2, 2, arma::fill::zeros), x = w;
    for (int k = 0; k < 5; ++k) {
      learning::update(o, g, 1.0, w);
      v = 0.9 * v + g;
      x += 0.1 * v;
    }
    CHECK(arma::abs(w - x).max() < 1e-14);
  }
  SECTION("Adam, Kingma & Ba 2015, algorithm 1") {
    rule.optimizer = circuits::typed("adam", {{"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 1e-8}});
    auto o = learning::optimizer_of<double>(rule);
    arma::mat m(2, 2, arma::fill::zeros), v = m, x = w;
    for (int t = 1; t <= 5; ++t) {
      const arma::mat now = g * t; // a change that varies
      learning::update(o, now, 1.0, w);
      m = 0.9 * m + 0.1 * now;
      v = 0.999 * v + 0.001 * arma::square(now);
      x += 0.1 * (m / (1 - std::pow(0.9, t))) / (arma::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    }
    CHECK(arma::abs(w - x).max() < 1e-12);
  }
  SECTION("weight decay apart from the change, Loshchilov & Hutter 2019") {
    rule.optimizer = circuits::typed("plain");
    rule.weight_decay = 0.5;
    auto o = learning::optimizer_of<double>(rule);
    learning::update(o, g, 2.0, w);
    CHECK(arma::abs(w - (0.95 * arma::mat(2, 2, arma::fill::ones) + 0.2 * g)).max() < 1e-15);
  }
}

TEST_CASE("a schedule scales the rate of each epoch", "[rules]") {
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
  auto c = two_regions("hebb", circuits::rule("hebb"), 4, 2, 0.1);
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

TEST_CASE("constraints hold after every update", "[rules]") {
  using Sign = model::Constraints::Sign;
  auto c = two_regions("oja", circuits::rule("oja"), 6, 3, 0.1);
  auto &constraints = c.model.projections[0].constraints;
  SECTION("Dale's law") {
    for (const auto sign : {Sign::excitatory, Sign::inhibitory, Sign::keep}) {
      constraints.sign = sign;
      const arma::mat before = c.build<double>().dense[0].weights, after = learnt<double>(c, 30);
      if (sign == Sign::excitatory) CHECK(after.min() >= 0);
      if (sign == Sign::inhibitory) CHECK(after.max() <= 0);
      if (sign == Sign::keep) CHECK((before % after).eval().min() >= 0);
      CHECK(arma::abs(after - before).max() > 1e-3);
    }
  }
  SECTION("bounds") {
    constraints.minimum = -0.1;
    constraints.maximum = 0.2;
    const auto w = learnt<double>(c, 30);
    CHECK(w.min() >= -0.1);
    CHECK(w.max() <= 0.2);
  }
  SECTION("norm onto each neuron") {
    constraints.norm = 0.7;
    const auto w = learnt<double>(c, 30);
    for (std::size_t i = 0; i < 3; ++i) CHECK(arma::norm(w.row(i)) == Approx(0.7));
  }
  SECTION("mask") {
    constraints.mask = true;
    c.model.projections[0].weights.kind = model::Weights::Kind::values;
    c.model.projections[0].weights.values.assign(18, 0.3);
    for (const std::size_t k : {0u, 7u, 17u}) c.model.projections[0].weights.values[k] = 0; // row by row
    const auto w = learnt<double>(c, 30);
    CHECK(w(0, 0) == 0);
    CHECK(w(1, 1) == 0);
    CHECK(w(2, 5) == 0);
    CHECK(arma::accu(w != 0) == 15);
  }
}

TEST_CASE("feedback of the same sign follows the forward weights", "[rules]") {
  Circuit c;
  const auto in = c.input(3), h = c.fixed("h", 4), out = c.fixed("out", 2, "linear");
  c.learn("r", "feedback_alignment", 0.5);
  c.connect(in, h, "r");
  const auto forward = c.connect(h, out, "r"), back = c.connect(out, h, "", 0, "error", "apical");
  c.model.projections[back].weights.kind = model::Weights::Kind::sign_of;
  c.model.projections[back].weights.other = forward;
  c.objective("mse", out);
  c.phase(1, true, true);
  c.data(10);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const arma::mat magnitude = arma::abs(network.dense[back].weights);
  const arma::mat before = arma::sign(network.dense[forward].weights);
  for (int k = 0; k < 200; ++k) simulator.run(c.all(true));
  const auto &w = network.dense[forward].weights;
  CHECK(arma::approx_equal(network.dense[back].weights, magnitude % arma::sign(w.t()), "absdiff", 0.0));
  CHECK(arma::accu(arma::sign(w) != before) > 0); // some synapse has changed its sign, and the feedback with it
}
