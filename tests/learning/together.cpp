// These tests check rules that are off, and rules that share weights.
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;
using circuits::Circuit;

namespace {

Circuit two_layers(const std::string &first, const std::string &second = "") {
  Circuit c;
  const auto in = c.input(5), hidden = c.fixed("hidden", 6), out = c.fixed("out", 3, "linear");
  c.connect(in, hidden);
  c.connect(hidden, out);
  c.connect(out, hidden, "", 0, "error", "apical");
  c.objective("mse", out);
  for (const auto &plugin : {first, second}) {
    if (plugin.empty()) continue;
    c.learn(plugin, plugin, 0.1,
            plugin == "hebb" ? std::map<std::string, double>{{"decay", 0.01}} : std::map<std::string, double>{});
    for (std::size_t p = 0; p < 2; ++p) c.model.projections[p].rules.push_back(plugin);
  }
  c.phase(1, true, true);
  c.data(4);
  return c;
}

std::vector<arma::mat> after_learning(const Circuit &c) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) simulator.run({c.trials.training, epoch, true});
  return {network.dense[0].weights, network.dense[1].weights};
}

std::vector<arma::mat> before_learning(const Circuit &c) {
  const auto network = c.build<double>();
  return {network.dense[0].weights, network.dense[1].weights};
}

bool same_bits(const std::vector<arma::mat> &a, const std::vector<arma::mat> &b) {
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].n_elem; ++i)
      if (a[k][i] != b[k][i] || std::signbit(a[k][i]) != std::signbit(b[k][i])) return false;
  return true;
}

} // namespace

TEST_CASE("plasticity that is off leaves weights as they are, bit for bit", "[learning]") {
  for (const std::string plugin : {"feedback_alignment", "backprop", "hebb", "oja"}) {
    INFO(plugin);
    auto c = two_layers(plugin);
    CHECK_FALSE(same_bits(before_learning(c), after_learning(c))); // it does learn when it is on

    auto silent = c;
    silent.model.rules[0].rate = 0;
    silent.model.rules[0].weight_decay = 0.1;
    silent.model.projections[0].constraints.norm = 1.7; // would round the weights if it were applied once more
    CHECK(same_bits(before_learning(silent), after_learning(silent)));

    if (plugin != "backprop") { // the reference looks back over the whole trial
      auto closed = c;
      closed.model.task.trial[0].plastic = false;
      CHECK(same_bits(before_learning(closed), after_learning(closed)));
      auto other = c; // plastic for another rule alone
      other.learn("other", "oja");
      other.model.task.trial[0].plastic_rules = {"other"};
      CHECK(same_bits(before_learning(other), after_learning(other)));
    }

    auto masked = c;
    for (std::size_t p = 0; p < 2; ++p) {
      auto &projection = masked.model.projections[p];
      projection.constraints.mask = true;
      projection.weights.kind = model::Weights::Kind::values;
      const std::size_t posts = masked.model.regions[projection.to.region].size,
                        pres = masked.model.regions[projection.from.region].size;
      projection.weights.values.assign(posts * pres, 0.0);
      projection.weights.values[1] = 0.5;
    }
    const auto weights = after_learning(masked);
    for (const auto &w : weights) CHECK(arma::accu(w != 0) <= 1); // the synapses that are not there stay away
  }
}

TEST_CASE("two rules on one projection: the changes of both", "[learning]") {
  // From the same weights, one step of both is the sum of one step of each.
  const auto change = [](const Circuit &c) {
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    simulator.measure(c.all(true));
    return simulator.plasticity().change(0);
  };
  const auto both = change(two_layers("feedback_alignment", "oja"));
  const auto sum = arma::mat(change(two_layers("feedback_alignment")) + change(two_layers("oja")));
  CHECK(arma::abs(both - sum).max() < 1e-14);
  CHECK(arma::abs(both).max() > 1e-3);
}
