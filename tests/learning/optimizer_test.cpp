// Optimisers and constraints against their formulas.
#include "catch.hpp"
#include "circuits.hpp"
#include "learning/optimizer.hpp"

#include <cmath>

using namespace engram;

namespace {

arma::mat one(double value) { return arma::mat(1, 1, arma::fill::value(value)); }

model::Rule rule(const std::string &optimizer, std::map<std::string, double> numbers, double rate, double decay = 0) {
  model::Rule r;
  r.rate = rate;
  r.weight_decay = decay;
  r.optimizer = circuits::typed(optimizer, std::move(numbers));
  return r;
}

network::Projection<double> constrained(arma::mat weights) {
  network::Projection<double> p;
  p.weights = std::move(weights);
  return p;
}

} // namespace

TEST_CASE("plain steps, with weight decay apart from the change", "[optimizer]") {
  auto o = learning::optimizer_of<double>(rule("plain", {}, 0.5, 0.1));
  arma::mat w{{2.0, -4.0}};
  learning::update(o, arma::mat{{6.0, 3.0}}, 1.0 / 3, w);
  // w (1 − 0.5 · 0.1) + 0.5 · g / 3
  CHECK(w(0, 0) == Approx(1.9 + 1.0).epsilon(1e-14));
  CHECK(w(0, 1) == Approx(-3.8 + 0.5).epsilon(1e-14));
}

TEST_CASE("momentum sums past changes", "[optimizer]") {
  auto o = learning::optimizer_of<double>(rule("momentum", {{"momentum", 0.9}}, 0.1));
  arma::mat w(1, 1, arma::fill::zeros);
  for (int k = 0; k < 3; ++k) learning::update(o, one(2), 0.5, w);
  // Under a constant change of 1, v = 1, 1.9, 2.71 (Polyak 1964).
  CHECK(w(0, 0) == Approx(0.1 * (1 + 1.9 + 2.71)).epsilon(1e-14));
}

TEST_CASE("Adam follows algorithm 1 of Kingma and Ba", "[optimizer]") {
  const double rate = 0.01, b1 = 0.9, b2 = 0.999, epsilon = 1e-8;
  auto o = learning::optimizer_of<double>(rule("adam", {{"beta1", b1}, {"beta2", b2}, {"epsilon", epsilon}}, rate));
  arma::mat w = one(1);
  const double g[] = {0.5, -2.0, 1.5, 0.25};
  // The first step has the size of the rate, whatever the change (section 2.1 of the paper).
  learning::update(o, one(g[0]), 1.0, w);
  CHECK(w(0, 0) == Approx(1 + rate).epsilon(1e-8));
  for (int k = 1; k < 4; ++k) learning::update(o, one(g[k]), 1.0, w);
  // The moments as the sums of the paper's section 3: m_t = (1 − β) Σ β^{t−k} g_k.
  double expected = 1;
  for (int t = 1; t <= 4; ++t) {
    double m = 0, v = 0;
    for (int k = 1; k <= t; ++k) {
      m += (1 - b1) * std::pow(b1, t - k) * g[k - 1];
      v += (1 - b2) * std::pow(b2, t - k) * g[k - 1] * g[k - 1];
    }
    expected += rate * m / (1 - std::pow(b1, t)) / (std::sqrt(v / (1 - std::pow(b2, t))) + epsilon);
  }
  CHECK(w(0, 0) == Approx(expected).epsilon(1e-13));
}

TEST_CASE("constraints bring the weights back", "[constraints]") {
  SECTION("bounds") {
    auto p = constrained({{-3.0, 0.5, 7.0}});
    p.constraints.minimum = -1;
    p.constraints.maximum = 2;
    network::constrain(p);
    CHECK(arma::approx_equal(p.weights, arma::mat{{-1.0, 0.5, 2.0}}, "absdiff", 0));
  }
  SECTION("sign: a synapse does not cross zero") {
    auto p = constrained({{-3.0, 0.5, 7.0}});
    p.sign = arma::mat{{1.0, 1.0, -1.0}};
    network::constrain(p);
    CHECK(arma::approx_equal(p.weights, arma::mat{{0.0, 0.5, 0.0}}, "absdiff", 0));
  }
  SECTION("norm of what comes to a neuron") {
    auto p = constrained({{3.0, 4.0}, {0.0, 0.0}});
    p.norm = arma::vec{10.0, 10.0};
    network::constrain(p);
    CHECK(arma::approx_equal(p.weights, arma::mat{{6.0, 8.0}, {0.0, 0.0}}, "absdiff", 1e-14));
  }
  SECTION("mask") {
    auto p = constrained({{3.0, 4.0}});
    p.mask = arma::mat{{0.0, 1.0}};
    network::constrain(p);
    CHECK(arma::approx_equal(p.weights, arma::mat{{0.0, 4.0}}, "absdiff", 0));
  }
}

TEST_CASE("constraints hold while a circuit learns", "[constraints]") {
  using Sign = model::Constraints::Sign;
  for (const Sign sign : {Sign::excitatory, Sign::inhibitory, Sign::keep}) {
    circuits::Circuit c;
    const auto in = c.input(12), out = c.fixed("out", 5, "linear");
    c.learn("rule", "hebb", 0.05);
    c.connect(in, out, "rule");
    c.model.projections[0].constraints.sign = sign;
    c.model.projections[0].constraints.norm = 1.5;
    c.phase(1, false, true);
    c.data(10);
    auto network = c.build<double>();
    const arma::mat before = network.projections[0].weights;
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    for (int k = 0; k < 50; ++k) simulator.run(c.all(true));
    const auto &w = network.projections[0].weights;
    CHECK(arma::abs(w - before).max() > 0.01);
    if (sign == Sign::excitatory) CHECK(w.min() >= 0);
    if (sign == Sign::inhibitory) CHECK(w.max() <= 0);
    if (sign == Sign::keep) CHECK((w % arma::sign(before)).min() >= 0);
    for (arma::uword i = 0; i < w.n_rows; ++i) CHECK(arma::norm(w.row(i)) == Approx(1.5).epsilon(1e-12));
  }
}

TEST_CASE("feedback that has the sign of the forward weights keeps it while they learn", "[rules]") {
  circuits::Circuit c;
  const auto in = c.input(6), hidden = c.fixed("hidden", 8), out = c.fixed("out", 3, "linear");
  c.learn("rule", "feedback_alignment", 0.5);
  c.connect(in, hidden, "rule");
  const auto forward = c.connect(hidden, out, "rule"), back = c.connect(out, hidden, "", 0, "error", "apical");
  c.model.projections[back].weights.kind = model::Weights::Kind::sign_of;
  c.model.projections[back].weights.other = forward;
  c.objective("mse", out);
  c.phase(1, true, true);
  c.data(10);
  auto network = c.build<double>();
  const arma::mat before = network.projections[forward].weights,
                  magnitude = arma::abs(network.projections[back].weights);
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  for (int k = 0; k < 40; ++k) simulator.run(c.all(true));
  const arma::mat &now = network.projections[forward].weights, &feedback = network.projections[back].weights;
  CHECK(arma::accu(arma::sign(now) != arma::sign(before)) > 0); // some did change their sign
  CHECK(arma::approx_equal(arma::sign(feedback), arma::sign(now.t()), "absdiff", 0));
  CHECK(arma::approx_equal(arma::abs(feedback), magnitude, "absdiff", 0));
}
