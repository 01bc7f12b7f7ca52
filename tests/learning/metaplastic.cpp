// States of synapses that begin as the weight: once, or in each trial.
#include "catch.hpp"
#include "circuits.hpp"
#include "learning/rule_library.hpp"
#include "spiking.hpp"

using namespace engram;
using circuits::Circuit;

TEST_CASE("a state begins as the weight of its synapse, once or in each trial", "[learning][metaplastic]") {
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  c.learn("r", "oja", 0.05);
  c.rules.back() = circuits::rule("metaplastic", "/tests/plugins/");
  c.connect(in, out, "r");
  c.phase(1, false, true);
  c.data(4);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  auto &w = network.dense[0].weights;
  const arma::mat first = w;
  simulator.run(c.all(true));
  CHECK(arma::approx_equal(w, first, "absdiff", 0.0)); // all states are the weights
  w += 1;
  simulator.run(c.all(true)); // the slow one stays where it began; the other is the new weight
  CHECK(arma::approx_equal(w, first + 1 - 0.05, "absdiff", 1e-14));
  simulator.run({{0, 1}, 0, true}); // a batch of another size: states that trials share stay
  CHECK(arma::approx_equal(w, first + 0.95 * 0.95, "absdiff", 1e-14));
}

TEST_CASE("a state of a synapse that carries spikes begins as the weight", "[learning][metaplastic]") {
  // Δw = slow - w at each presynaptic spike, at a rate of 0.1. The weights are 2; then they are set to 3.
  learning::RuleLibrary rules({ENGRAM_BUILD_DIR "/tests/plugins"});
  const auto words = session::vocabulary(rules);
  const auto model = model::load_text(R"({ "architecture": { "regions": {
        "in": { "size": 1, "dynamics": "spike_source", "spikes": [[2, 6]] },
        "net": { "size": 2, "dynamics": "lif", "receptors": { "ampa": { "type": "exponential", "tau": 5 } } } },
      "projections": [ { "from": "in", "to": "net.ampa", "weights": 2, "rule": "r" } ] },
      "learning": { "rules": { "r": { "plugin": "metaplastic_spikes", "rate": 0.1 } } },
      "task": { "trial": [ { "phase": "p", "duration": 10, "plastic": true } ] } })",
                                      "m.json", words);
  auto network = network::build<double>(model, {});
  const auto trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
  simulation::Simulator<double> simulator(model, network, trials, {&rules.load("metaplastic_spikes")}, {{}, {}}, 1);
  auto &w = *network.sparse[0].synapses.weights;
  REQUIRE(w.size() == 2);
  simulator.run({{0}, 0, true});
  CHECK(w[0] == 2);
  w[0] = 3;
  simulator.run({{0}, 0, true});
  CHECK(w[0] == Approx(2 + 0.9 * 0.9).epsilon(1e-14)); // two spikes
  CHECK(w[1] == 2);
}
