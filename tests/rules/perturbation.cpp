// Node and weight perturbation learn from the effect of random changes on the loss.
#include "catch.hpp"
#include "rules/perturbed.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using namespace perturbed;

namespace {

// The changes of all plastic projections, one after another, in each of many epochs: the samples of a rule.
arma::mat samples(const Circuit &c, std::size_t count) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  arma::mat out;
  for (std::size_t epoch = 0; epoch < count; ++epoch) {
    simulator.measure({c.trials.training, epoch, true});
    arma::vec all;
    for (std::size_t p = 0; p < network.dense.size(); ++p)
      if (!network.dense[p].rules.empty())
        all = arma::join_cols(all, arma::vectorise(simulator.plasticity().change(p)));
    simulator.plasticity().discard();
    if (out.is_empty()) out.set_size(all.n_elem, count);
    out.col(epoch) = all;
  }
  return out;
}

} // namespace

TEST_CASE("the mean of a perturbation rule is the gradient", "[rules][node_perturbation][weight_perturbation]") {
  for (const std::string plugin : {"node_perturbation", "weight_perturbation"}) {
    INFO(plugin);
    const std::size_t count = 20000;
    const arma::mat g = samples(layered("backprop"), 1), x = samples(layered(plugin), count);
    const arma::vec mean = arma::mean(x, 1), error = arma::stddev(x, 0, 1) / std::sqrt(double(count));
    // In units of its standard error each entry is off by a standard normal number: 54 entries in all.
    const arma::vec z = (mean - g.col(0)) / error;
    REQUIRE(z.n_elem == 5 * 6 + 6 * 3 + 6);
    CHECK(arma::abs(z).max() < 4);                                // P(|z| > 4 in one of 54) = 0.003
    CHECK(arma::mean(arma::square(z)) == Approx(1).margin(0.75)); // s.d. of the mean of 54 squares: 0.19
    CHECK(arma::norm(mean - g.col(0)) < 0.1 * arma::norm(g));     // the interval is not wide
    CHECK(arma::norm(x.col(0) - g.col(0)) > 0.5 * arma::norm(g)); // one sample says little
  }
}

TEST_CASE("the variance of a perturbation rule grows with what is perturbed",
          "[rules][node_perturbation][weight_perturbation]") {
  // Of one layer of N linear neurons with M inputs, δ = −g·ξ with ξ normal, so that tr Cov / ‖gradient‖² is N + 1 for
  // noise in the neurons and N M + 1 for noise in the weights, by E ξ⁴ = 3 (E ξ²)². Werfel, Xie & Seung 2005: node
  // perturbation is slower than the gradient by a factor of N, weight perturbation by another factor of M.
  for (const std::size_t neurons : {2, 8, 24})
    for (const std::size_t inputs : {3, 6}) {
      INFO(neurons << " neurons, " << inputs << " inputs");
      const arma::mat g = samples(single("backprop", neurons, inputs), 1);
      const auto variance = [&](const std::string &plugin) {
        return arma::accu(arma::var(samples(single(plugin, neurons, inputs), 8000), 0, 1)) /
               arma::accu(arma::square(g));
      };
      const double n = static_cast<double>(neurons), m = static_cast<double>(inputs);
      CHECK(variance("node_perturbation") == Approx(n + 1).epsilon(0.1));
      CHECK(variance("weight_perturbation") == Approx(n * m + 1).epsilon(0.1));
    }
}

TEST_CASE("a layer learns by node perturbation in neurons that move in time", "[rules][node_perturbation]") {
  // Noise that is held while the circuit comes to rest: at rest u = W r + ξ, and the mean change is again the gradient.
  const auto leaky = [](const std::string &plugin) {
    Circuit c;
    const auto in = c.input(4), hidden = c.leaky("hidden", 3, "tanh", 2), out = c.leaky("out", 2, "linear", 2);
    if (plugin == "backprop")
      c.learn("rule", plugin);
    else
      c.learn("rule", plugin, 0.1, {{"sd", sd}});
    c.connect(in, hidden, "rule");
    c.connect(hidden, out, "rule");
    c.phase(60, 0, false); // 30 τ
    if (plugin == "backprop") {
      c.phase(1, 1, true);
    } else {
      c.phase(1, 1, false);
      c.phase(60, 1, true);
      c.model.task.trial[0].noise = c.model.task.trial[1].noise = false;
    }
    finish(c, plugin == "backprop" ? plugin : "", "mse", out);
    if (plugin != "backprop")
      for (const std::size_t r : {hidden, out}) c.model.regions[r].noise = circuits::typed("held", {{"sd", sd}});
    return c;
  };
  const std::size_t count = 4000;
  const arma::mat g = samples(leaky("backprop"), 1), x = samples(leaky("node_perturbation"), count);
  const arma::vec mean = arma::mean(x, 1), error = arma::stddev(x, 0, 1) / std::sqrt(double(count));
  CHECK(arma::abs((mean - g.col(0)) / error).max() < 4);
  CHECK(arma::norm(mean - g.col(0)) < 0.15 * arma::norm(g));
}

TEST_CASE("digits are learnt from the loss alone", "[rules][node_perturbation][weight_perturbation]") {
  CHECK(command::held_out_accuracy("digits/node_perturbation.json") >= 0.88);   // 43 110 training trials
  CHECK(command::held_out_accuracy("digits/weight_perturbation.json") >= 0.65); // 34 488 training trials
}

TEST_CASE("digits are learnt from the loss alone, from three beginnings",
          "[rules][slow][node_perturbation][weight_perturbation]") {
  for (int seed = 1; seed <= 3; ++seed) {
    CHECK(command::held_out_accuracy("digits/node_perturbation.json", "--seed " + std::to_string(seed)) >= 0.85);
    CHECK(command::held_out_accuracy("digits/weight_perturbation.json", "--seed " + std::to_string(seed)) >= 0.65);
  }
}
