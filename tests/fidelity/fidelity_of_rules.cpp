// Theory predicts the bias and variance of some rules. These tests measure them.
#include "fidelity/compared.hpp"
#include "rules/chosen.hpp"
#include "rules/perturbed.hpp"
#include "rules/resting.hpp"

#include <cmath>

using namespace engram;
using namespace compared;

namespace {

fidelity::Fidelity fidelity_of(const Circuit &rule, const Circuit &reference, std::size_t samples) {
  return sampled(compare(rule, reference), samples, 0, 2).moments.whole();
}

// The slope of y against x by weighted least squares, with its 95 % interval.
fidelity::Estimate slope(const std::vector<double> &x, const std::vector<fidelity::Estimate> &y) {
  double sum = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  std::vector<double> weight;
  for (std::size_t k = 0; k < x.size(); ++k) {
    weight.push_back(std::pow(2 * 1.96 / (y[k].ci.high - y[k].ci.low), 2)); // 1 / s.e.²
    sum += weight[k];
    mean_x += weight[k] * x[k];
    mean_y += weight[k] * y[k].value;
  }
  mean_x /= sum;
  mean_y /= sum;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += weight[k] * (x[k] - mean_x) * (x[k] - mean_x);
    xy += weight[k] * (x[k] - mean_x) * (y[k].value - mean_y);
  }
  return {xy / xx, {xy / xx - 1.96 / std::sqrt(xx), xy / xx + 1.96 / std::sqrt(xx)}};
}

} // namespace

// Werfel, Xie & Seung 2005: the variance grows as the number of neurons whose noise, or of weights whose perturbation,
// is heard in the loss. Of one layer of N linear neurons with M inputs it is N + 1 and N M + 1
// (tests/rules/perturbation.cpp).
TEST_CASE("the variance of perturbation rules is proportional to what is perturbed", "[fidelity][fidelity]") {
  const auto one = [](const std::string &plugin, std::size_t neurons, std::size_t inputs) {
    const auto f =
        fidelity_of(perturbed::single(plugin, neurons, inputs), perturbed::single("backprop", neurons, inputs), 4000);
    CHECK(f.bias.ci.low < 0.05);
    return f.variance;
  };
  const std::vector<std::size_t> sizes{2, 4, 8, 16, 32};
  std::vector<double> neurons, weights;
  std::vector<fidelity::Estimate> of_nodes, of_weights;
  for (const std::size_t n : sizes) {
    neurons.push_back(double(n));
    weights.push_back(double(4 * n));
    of_nodes.push_back(one("node_perturbation", n, 4));
    of_weights.push_back(one("weight_perturbation", n, 4));
  }
  for (const auto &fitted : {slope(neurons, of_nodes), slope(weights, of_weights)}) {
    INFO("slope " << fitted.value << " [" << fitted.ci.low << ", " << fitted.ci.high << "]");
    CHECK(fitted.ci.low <= 1);
    CHECK(fitted.ci.high >= 1);
    CHECK(fitted.ci.high - fitted.ci.low < 0.1);
  }
}

TEST_CASE("the bias of perturbation rules falls to 0 with the noise", "[fidelity][fidelity]") {
  for (const std::string plugin : {"node_perturbation", "weight_perturbation"}) {
    const auto at = [&](double sigma) {
      return fidelity_of(perturbed::layered(plugin, sigma), perturbed::layered("backprop"), 20000).bias;
    };
    const auto large = at(2), middle = at(0.7), small = at(1e-3);
    INFO(plugin << ": " << large.value << ", " << middle.value << ", " << small.value);
    CHECK(large.ci.low > middle.ci.high);
    CHECK(middle.value > small.value);
    CHECK(small.ci.low == 0);
    CHECK(small.ci.high < 0.1);
  }
}

// Roelfsema & van Ooyen 2005: the mean change is that of backprop.
TEST_CASE("AGREL has no bias", "[fidelity][fidelity]") {
  const auto f = fidelity_of(chosen::layered("agrel", "choice_reward", "probability"),
                             chosen::layered("backprop", "cross_entropy"), 10000);
  CHECK(f.bias.ci.low == 0);
  CHECK(f.bias.ci.high < 0.05);
  CHECK(f.variance.ci.low > 0.1);
  CHECK(f.scale.value == Approx(1).epsilon(0.05));
}

// Scellier & Bengio 2017; Laborieux et al. 2021.
TEST_CASE("the bias of equilibrium propagation is linear in the nudge, of the symmetric form quadratic",
          "[fidelity][fidelity]") {
  const auto reference = resting::at_rest();
  const auto bias = [&](double beta, bool symmetric) {
    const auto f = fidelity_of(resting::nudged(beta, symmetric), reference, 20);
    CHECK(f.variance.value == 0);
    return f.bias.value;
  };
  CHECK(std::log10(bias(0.1, false) / bias(0.01, false)) == Approx(1).margin(0.1));
  CHECK(std::log10(bias(0.1, true) / bias(0.01, true)) == Approx(2).margin(0.1));
}

// Whittington & Bogacz 2017; Xie & Seung 2003.
TEST_CASE("the bias of predictive coding and contrastive Hebbian learning goes to 0 in their limits",
          "[fidelity][fidelity]") {
  const auto reference = resting::feedforward();
  const auto predictive = [&](double beta) { return fidelity_of(resting::predictive(beta), reference, 20).bias.value; };
  CHECK(predictive(0.1) / predictive(0.01) == Approx(10).epsilon(0.3));
  CHECK(predictive(0.01) < 0.02);
  const auto contrastive = [&](double gamma) {
    return fidelity_of(resting::contrastive(gamma), reference, 20).bias.value;
  };
  CHECK(contrastive(0.1) / contrastive(0.01) == Approx(10).epsilon(0.3));
  CHECK(contrastive(0.01) < 0.02);
}
