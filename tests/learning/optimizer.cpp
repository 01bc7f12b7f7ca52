// These tests check how weights follow the changes that a rule wants.
#include "learning/optimizer.hpp"
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;

namespace {

/// An entry with the defaults of its parameters.
model::Rule rule_with(const model::Named &optimizer, double rate) {
  model::Rule rule;
  rule.rate = rate;
  rule.optimizer.type = optimizer.name;
  for (const auto &p : optimizer.parameters) rule.optimizer.parameters[p.name] = model::Quantity::of(p.initial);
  return rule;
}

} // namespace

TEST_CASE("optimizers follow their published formulas", "[learning]") {
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

TEST_CASE("only an optimizer that says so adds rate times change, whatever came before", "[learning]") {
  const arma::mat changes[] = {{{1, -2}, {0.5, 0}}, {{-3, 1}, {2, 0.25}}};
  for (const auto &entry : learning::optimizer_entries()) {
    CAPTURE(entry.words.name);
    auto o = learning::optimizer_of<double>(rule_with(entry.words, 0.1));
    CHECK(o.is_plain() == entry.words.adds_change);
    arma::mat w(2, 2, arma::fill::zeros), sum = w;
    for (const auto &change : changes) {
      learning::update(o, change, 0.5, w);
      sum += 0.1 * 0.5 * change;
    }
    CHECK((arma::abs(w - sum).max() < 1e-15) == entry.words.adds_change);
  }
}

TEST_CASE("every optimizer takes the same steps in both precisions, but for rounding", "[learning]") {
  const arma::mat change{{1, -2}, {0.5, 0}};
  for (const auto &entry : learning::optimizer_entries()) {
    CAPTURE(entry.words.name);
    auto rule = rule_with(entry.words, 0.1);
    rule.weight_decay = 0.3;
    auto twice = learning::optimizer_of<double>(rule);
    auto single = learning::optimizer_of<float>(rule);
    CHECK_FALSE(twice.is_plain()); // weights decay first
    arma::mat w(2, 2, arma::fill::ones);
    arma::fmat v(2, 2, arma::fill::ones);
    for (int k = 0; k < 3; ++k) {
      learning::update(twice, arma::mat(change * k), 0.5, w);
      learning::update(single, arma::conv_to<arma::fmat>::from(change * k), 0.5f, v);
    }
    CHECK(arma::abs(w - 1).max() > 0.05);
    CHECK(arma::abs(w - arma::conv_to<arma::mat>::from(v)).max() < 1e-5);
  }
}
