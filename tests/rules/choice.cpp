// AGREL and BrainProp learn from the reward of a choice, by attention that flows back from the neuron that was chosen.
#include "catch.hpp"
#include "rules/chosen.hpp"
#include "trained.hpp"

#include <cmath>
#include <map>

using namespace engram;
using namespace chosen;

namespace {

arma::vec changes(simulation::Simulator<double> &simulator, const network::Network<double> &network) {
  arma::vec all;
  for (std::size_t p = 0; p < network.dense.size(); ++p)
    if (!network.dense[p].rules.empty()) all = arma::join_cols(all, arma::vectorise(simulator.plasticity().change(p)));
  simulator.plasticity().discard();
  return all;
}

arma::vec gradient(const std::string &objective) {
  const auto c = layered("backprop", objective);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.measure(c.all(true));
  return changes(simulator, network);
}

struct Seen {
  std::map<std::int64_t, arma::vec> change; // by choice
  std::map<std::int64_t, double> share;
  arma::vec probability; // softmax of the output
};

// The change that the rule makes for each choice that the output can make.
Seen by_choice(const std::string &plugin, const std::string &prediction, std::size_t epochs) {
  const auto c = layered(plugin, "choice_reward", prediction);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  struct Out final : simulation::Observer<double> {
    arma::vec rate;
    void step(std::size_t, const network::Signals<double> &s) override { rate = s[3][network::Signal::rate].col(0); }
  } out;
  simulator.run(c.all(false), &out);
  Seen seen;
  seen.probability = arma::exp(out.rate) / arma::accu(arma::exp(out.rate));
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    const auto choice = simulator.measure({c.trials.training, epoch, true}).choices.at(0);
    seen.share[choice] += 1 / static_cast<double>(epochs);
    seen.change[choice] = changes(simulator, network);
  }
  return seen;
}

double train_loss(const std::string &name, int seed) {
  return command::trained(name, "--seed " + std::to_string(seed))["train"]["loss"].get<double>();
}

} // namespace

TEST_CASE("the mean change of AGREL is backprop's of cross-entropy", "[rules][agrel]") {
  // Roelfsema & van Ooyen 2005: Σ_k P_k Δ_k over the choices k, Δ_k the change after choice k, is the gradient.
  const auto seen = by_choice("agrel", "probability", 2000);
  REQUIRE(seen.change.size() == 3);
  arma::vec mean;
  for (const auto &[choice, change] : seen.change) {
    const double p = seen.probability(static_cast<arma::uword>(choice));
    mean = mean.is_empty() ? arma::vec(p * change) : arma::vec(mean + p * change);
    // The choices are drawn with these probabilities: 4 standard errors.
    CHECK(std::abs(seen.share.at(choice) - p) < 4 * std::sqrt(p * (1 - p) / 2000));
  }
  const arma::vec exact = gradient("cross_entropy");
  REQUIRE(arma::norm(exact) > 0.1);
  CHECK(arma::abs(mean - exact).max() < 1e-12);
}

TEST_CASE("BrainProp is backprop of the squared error of what was chosen", "[rules][brain_prop]") {
  // After choice k the change is −∂ ½ (t_k − q_k)²: those of all choices add up to backprop's of the squared error,
  // which the mean change is proportional to when all are tried equally often.
  const auto seen = by_choice("brain_prop", "value", 500);
  REQUIRE(seen.change.size() == 3);
  const arma::vec exact = gradient("mse");
  REQUIRE(arma::norm(exact) > 0.1);
  CHECK(arma::abs(seen.change.at(0) + seen.change.at(1) + seen.change.at(2) - exact).max() < 1e-12);
  CHECK(arma::norm(seen.change.at(0) - exact) > 0.1 * arma::norm(exact)); // none does alone
}

TEST_CASE("digits are learnt from reward alone", "[rules][agrel][brain_prop]") {
  // 43 110 training trials, 360 held out, mean of three beginnings.
  for (const std::string name : {"agrel", "brain_prop"}) {
    INFO(name);
    CHECK(command::mean_accuracy("digits/" + name + ".json", 3) >= 0.92);
  }
}

TEST_CASE("exclusive or is learnt from reward alone", "[rules][agrel][brain_prop]") {
  int agrel = 0, brain_prop = 0;
  for (int seed = 1; seed <= 3; ++seed) {
    agrel += train_loss("reinforcement/xor-agrel.json", seed) < -0.95;
    // Once the outputs are the rewards to be expected, 1 and 0, softmax gives the right one e / (1 + e).
    brain_prop +=
        std::abs(train_loss("reinforcement/xor-brain_prop.json", seed) + std::exp(1.0) / (1 + std::exp(1.0))) < 0.005;
  }
  CHECK(agrel == 3);
  CHECK(brain_prop == 3);
}
