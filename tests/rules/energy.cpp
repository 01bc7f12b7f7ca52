// These tests compare rules of circuits that come to rest with the exact gradient, and with closed forms.
#include "catch.hpp"
#include "rules/resting.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using namespace resting;
using circuits::changes;

namespace {

// The largest distance of a projection's change from the gradient, as a share of the gradient.
double error(const std::vector<arma::mat> &changes, const std::vector<arma::mat> &gradient, double scale = 1) {
  REQUIRE(changes.size() == gradient.size());
  double worst = 0;
  for (std::size_t p = 0; p < changes.size(); ++p) {
    REQUIRE(arma::norm(gradient[p], "fro") > 1e-6);
    worst = std::max(worst, arma::norm(changes[p] / scale - gradient[p], "fro") / arma::norm(gradient[p], "fro"));
  }
  return worst;
}

} // namespace

// Scellier & Bengio 2017, theorem 1: lim β→0 of the contrast is the gradient of the loss at the free rest point. The
// reference differentiates the simulated trajectory itself, 75 τ long. Laborieux et al. 2021: the bias of the one-sided
// estimate is of order β, that of the symmetric one of order β².
TEST_CASE("equilibrium propagation tends to the gradient at rest as the nudge vanishes",
          "[rules][equilibrium_propagation]") {
  const auto loss = GENERATE(as<std::string>(), "mse", "cross_entropy");
  const auto gradient = changes(at_rest(loss));
  const auto bias = [&](double beta, bool symmetric) {
    return error(changes(nudged(beta, symmetric, loss)), gradient);
  };
  const double once = bias(0.1, false), tenth = bias(0.01, false), hundredth = bias(0.001, false);
  INFO("one-sided: " << once << ", " << tenth << ", " << hundredth);
  CHECK(hundredth < 3e-3);
  CHECK(once / tenth == Approx(10).epsilon(0.2));
  CHECK(tenth / hundredth == Approx(10).epsilon(0.05));
  const double both = bias(0.1, true), both_tenth = bias(0.01, true);
  INFO("symmetric: " << both << ", " << both_tenth);
  CHECK(both < once);
  CHECK(both / both_tenth == Approx(100).epsilon(0.15));
  CHECK(both_tenth < 1e-3);
}

TEST_CASE("equilibrium propagation learns nothing where there is nothing to contrast",
          "[rules][equilibrium_propagation]") {
  Circuit c = layers("leaky_rate", {"rule", "rule", "rule"}, 1, "rate", "soma");
  c.learn("rule", "equilibrium_propagation");
  c.model.objective.delivery = Delivery::nudge;
  SECTION("one phase") { c.phase(20, 0.5, true); }
  SECTION("two with the same nudge") {
    c.phase(20, 0, true);
    c.phase(20, 0, true);
  }
  c.data(6);
  for (const auto &change : changes(c)) CHECK(arma::abs(change).max() == 0);
}

// Whittington & Bogacz 2017: as the output weighs less (their variance of the output grows; here the strength β of the
// objective falls), the errors at rest tend to β times those of backprop, and the change with them.
TEST_CASE("predictive coding tends to backprop as the objective weighs less", "[rules][predictive_coding]") {
  const auto gradient = changes(feedforward());
  const auto bias = [&](double beta) { return error(changes(predictive(beta)), gradient, beta); };
  const double once = bias(0.1), tenth = bias(0.01), hundredth = bias(0.001);
  INFO("at 0.1, 0.01, 0.001: " << once << ", " << tenth << ", " << hundredth);
  CHECK(hundredth < 2e-3);
  CHECK(once / tenth == Approx(10).epsilon(0.3));
  CHECK(tenth / hundredth == Approx(10).epsilon(0.05));
}

// With linear neurons and the output held at y the energy Σ |ε|²/2 is quadratic, and its minimum is known:
// ε_out = (1 + W₂ W₂ᵀ)⁻¹ (y − W₂ W₁ x), ε_hidden = W₂ᵀ ε_out.
TEST_CASE("predictive coding with a clamp comes to rest at the minimum of the energy", "[rules][predictive_coding]") {
  Circuit c;
  const auto tau = circuits::typed("predictive_coding", {{"tau", 4}});
  const auto in = c.input(5), hidden = c.region("hidden", 6, tau, "linear"), out = c.region("out", 3, tau, "linear");
  c.learn("rule", "predictive_coding");
  c.connect(in, hidden, "rule");
  const auto forward = c.connect(hidden, out, "rule");
  c.feed_back(out, hidden, forward);
  c.objective("mse", out);
  c.model.objective.delivery = Delivery::clamp;
  c.phase(10, 0, false);
  c.phase(400, 1, true);
  c.data(4);
  const auto network = c.build<double>();
  const arma::mat w1 = network.dense[0].weights, w2 = network.dense[1].weights;
  arma::mat x(5, 4), y(3, 4);
  c.trials.arrays["inputs"].gather(c.trials.training, 1.0, x.memptr());
  c.trials.targets.gather(c.trials.training, 1.0, y.memptr());
  const arma::mat above = arma::solve(arma::eye(3, 3) + w2 * w2.t(), y - w2 * w1 * x), below = w2.t() * above;
  const auto change = changes(c);
  CHECK(arma::approx_equal(change[0], below * x.t() / 4, "absdiff", 1e-12));
  CHECK(arma::approx_equal(change[1], above * (w1 * x + below).t() / 4, "absdiff", 1e-12));
}

// Xie & Seung 2003: with feedback γ Wᵀ and a linear output, the change of layer k scaled by γ^(k−L) equals that of
// backprop in the limit γ → 0; what is left is of order γ.
TEST_CASE("contrastive Hebbian learning with weak feedback tends to backprop", "[rules][contrastive_hebbian]") {
  const auto gradient = changes(feedforward());
  const auto bias = [&](double gamma) { return error(changes(contrastive(gamma)), gradient); };
  const double once = bias(0.1), tenth = bias(0.01), hundredth = bias(0.001);
  INFO("at 0.1, 0.01, 0.001: " << once << ", " << tenth << ", " << hundredth);
  CHECK(hundredth < 5e-3);
  CHECK(once / tenth == Approx(10).epsilon(0.3));
  CHECK(tenth / hundredth == Approx(10).epsilon(0.05));
}

TEST_CASE("contrastive Hebbian learning does not care which phase comes first", "[rules][contrastive_hebbian]") {
  const auto in_order = [](bool free_first) {
    Circuit c = layers("leaky_rate", {"rule", "rule", "rule"}, 0.5, "rate", "soma");
    c.learn("rule", "contrastive_hebbian");
    c.model.objective.delivery = Delivery::clamp;
    c.phase(rest, free_first ? 0 : 1, false);
    c.phase(rest, free_first ? 1 : 0, true);
    c.data(6);
    return changes(c);
  };
  CHECK(error(in_order(true), in_order(false)) < 1e-9);
}

TEST_CASE("exclusive or is learnt by circuits that come to rest",
          "[rules][equilibrium_propagation][predictive_coding][contrastive_hebbian]") {
  const auto name = GENERATE(as<std::string>(), "equilibrium_propagation", "predictive_coding", "contrastive_hebbian");
  const auto of = command::trained("credit-assignment/xor-" + name + ".json")["train"];
  CHECK(of["accuracy"] == 1.0);
  CHECK(of["loss"].get<double>() < 0.01);
}

TEST_CASE("digits by equilibrium propagation", "[rules][equilibrium_propagation]") {
  CHECK(command::held_out_accuracy("digits/equilibrium_propagation.json") >= 0.94); // 96.4 % (seed 1)
}
TEST_CASE("digits by predictive coding", "[rules][predictive_coding]") {
  CHECK(command::held_out_accuracy("digits/predictive_coding.json") >= 0.94); // 96.7 % (seed 1)
}
TEST_CASE("digits by contrastive Hebbian learning", "[rules][contrastive_hebbian]") {
  CHECK(command::held_out_accuracy("digits/contrastive_hebbian.json") >= 0.94); // 97.2 % (seed 1)
}
TEST_CASE("digits by circuits that come to rest, five seeds",
          "[rules][slow][equilibrium_propagation][predictive_coding][contrastive_hebbian]") {
  CHECK(command::mean_accuracy("digits/equilibrium_propagation.json", 5) >= 0.95); // 96.3 %
  CHECK(command::mean_accuracy("digits/predictive_coding.json", 5) >= 0.95);       // 95.9 %
  CHECK(command::mean_accuracy("digits/contrastive_hebbian.json", 5) >= 0.95);     // 97.2 %
}
