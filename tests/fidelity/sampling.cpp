// These tests compare estimated bias and variance with those of rules whose bias and variance are known.
#include "fidelity/compared.hpp"

#include <cmath>

using namespace engram;
using namespace compared;

namespace {

constexpr std::size_t trials = 3;

// M inputs → N linear neurons, half of the squared distance as loss.
Circuit readout(bool exact, double angle = 0, double noise = 0) {
  Circuit c;
  const auto in = c.input(10), out = c.fixed("out", 6, "linear");
  c.connect(in, out, "rule");
  c.objective("mse", out);
  if (exact) {
    c.learn("rule", "backprop");
  } else {
    c.learn("rule", "known_fidelity", 0.1, {{"angle", angle}, {"noise", noise}}, "/tests/plugins/");
    c.model.regions[out].noise = circuits::typed("gaussian", {{"sd", 1}});
  }
  c.phase(1, 1, true);
  c.data(trials);
  return c;
}

// tr Cov of the mean over B trials of κ ξ_b r_bᵀ is κ² N Σ_b ‖r_b‖² / B².
double trace(const Circuit &c, double noise) {
  double squares = 0;
  for (std::size_t k = 0; k < c.trials.arrays.at("inputs").size(); ++k)
    squares += std::pow(c.trials.arrays.at("inputs").at(k), 2);
  return noise * noise * 6 * squares / double(trials * trials);
}

struct Hits {
  std::size_t bias = 0, variance = 0, scale = 0, cosine = 0, naive = 0;
};

bool within(double value, const fidelity::Interval &ci) { return ci.low <= value && value <= ci.high; }

} // namespace

// 200 repetitions at 95 %: at least 181 and at most 199 hits have a probability of 0.998 (binomial).
TEST_CASE("bias and variance that are known lie in their intervals at the nominal rate", "[fidelity][fidelity]") {
  struct Case {
    double angle, noise;
    std::size_t samples;
  };
  const auto setting = GENERATE(Case{0.3, 0.3, 128}, Case{0.3, 3, 600}, Case{1.2, 1, 400}, Case{0, 2, 400});
  INFO("angle " << setting.angle << ", noise " << setting.noise);
  const Circuit exact = readout(true);
  const auto c = compare(readout(false, setting.angle, setting.noise), exact);
  const double g = arma::dot(c.gradient[0], c.gradient[0]);
  const double scale = std::cos(setting.angle), bias = std::sin(setting.angle);
  const double variance = scale * scale * trace(exact, setting.noise) / g;
  INFO("bias " << bias << ", variance " << variance);
  Hits hits;
  for (std::uint64_t repetition = 0; repetition < 200; ++repetition) {
    const auto s = sampled(c, setting.samples, repetition);
    const auto f = s.moments.whole();
    hits.bias += within(bias, f.bias.ci);
    hits.variance += within(variance, f.variance.ci);
    hits.scale += within(scale, f.scale.ci);
    // With the square of the mean in the place of ‖m‖²: the same width about another middle.
    const arma::vec m = s.moments.mean(0);
    const double along = arma::dot(m, c.gradient[0]);
    const double naive = std::sqrt(std::max(0.0, 1 - along * along / (arma::dot(m, m) * g)));
    const double half = (f.bias.ci.high - f.bias.ci.low) / 2;
    hits.naive += within(bias, {naive - half, naive + half});
  }
  INFO("hits of bias " << hits.bias << ", variance " << hits.variance << ", scale " << hits.scale << ", naive "
                       << hits.naive);
  CHECK(hits.bias >= 181);
  if (setting.angle > 0) CHECK(hits.bias <= 199); // at a bias of 0 an interval cannot miss it from below
  CHECK(hits.variance >= 181);
  CHECK(hits.variance <= 199);
  CHECK(hits.scale >= 181);
  CHECK(hits.scale <= 199);
  if (setting.noise == 3) CHECK(hits.naive < 150);
}

TEST_CASE("backprop has neither bias nor variance", "[fidelity][fidelity]") {
  const Circuit exact = readout(true);
  const auto f = sampled(compare(exact, exact), 100).moments.whole();
  CHECK(f.samples == 16); // it draws nothing, so that more would say no more
  CHECK(f.bias.value < 1e-14);
  CHECK(f.variance.value == 0);
  CHECK(f.scale.value == Approx(1).epsilon(1e-14));
  CHECK(f.cosine.value == Approx(1).epsilon(1e-14));
  CHECK(f.samples_to_cosine == 1);
}

TEST_CASE("a measurement is the same at any number of threads, and leaves the weights", "[fidelity][fidelity]") {
  const auto c = compare(readout(false, 0.3, 1), readout(true));
  const auto before = c.rule.network.dense[0].weights;
  const auto one = sampled(c, 200, 0, 1).moments.whole(), three = sampled(c, 200, 0, 3).moments.whole();
  CHECK(one.bias.value == three.bias.value);
  CHECK(one.bias.ci.low == three.bias.ci.low);
  CHECK(one.variance.value == three.variance.value);
  CHECK(one.variance.ci.high == three.variance.ci.high);
  CHECK(one.cosine.value == three.cosine.value);
  CHECK(arma::all(arma::vectorise(before == c.rule.network.dense[0].weights)));
  CHECK(sampled(c, 200, 1).moments.whole().variance.value != one.variance.value);
}

TEST_CASE("the variance of minibatches falls apart into the rule's own and that of their choice",
          "[fidelity][fidelity]") {
  Circuit rule = readout(false, 0, 0.5), exact = readout(true);
  for (auto *c : {&rule, &exact}) {
    c->trials.training.clear();
    c->data(12);
  }
  const auto c = compare(rule, exact);
  const double g = arma::dot(c.gradient[0], c.gradient[0]);
  fidelity::Sampling sampling;
  sampling.samples = 20000;
  sampling.rows = rule.trials.training;
  sampling.minibatch = 4;
  sampling.twice = true;
  const auto drawn = fidelity::sample(c.rule, {c.rule.network, {}, false}, c.pairs, c.gradient, sampling);
  // Of B = 4 of M = 12 trials drawn without replacement: tr Var (1 / B) Σ x = (M − B) / (M − 1) S / B with S the mean
  // square distance of the trials' gradients from their mean (Cochran 1977, Sampling techniques, theorem 2.2).
  double apart = 0, squares = 0;
  for (const std::size_t row : rule.trials.training) {
    const auto one = fidelity::gradient(c.reference, c.reference.network, c.pairs, {row}, 1)[0];
    apart += arma::accu(arma::square(one - c.gradient[0])) / 12;
    for (std::size_t j = 0; j < 10; ++j) squares += std::pow(rule.trials.arrays.at("inputs").at(row * 10 + j), 2) / 12;
  }
  const double choice = 8.0 / 11.0 * apart / 4, own = 0.5 * 0.5 * 6 * squares / 4;
  const auto f = drawn.moments.whole();
  CHECK(f.bias.value < 0.1);
  CHECK(f.variance.value * g == Approx(choice + own).epsilon(0.03));
  CHECK(arma::mean(arma::vec(drawn.own)) == Approx(own).epsilon(0.03));
}
