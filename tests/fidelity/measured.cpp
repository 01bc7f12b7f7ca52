// The changes that spiking rules want are measured at weights that stay as they are.
#include "catch.hpp"
#include "command.hpp"
#include "spiking.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace engram;

namespace {

std::string phase(const std::string &name, int duration) {
  return fmt::format(R"({{ "phase": "{}", "duration": {}, "stimulus": "in", "objective": true, "plastic": true }})",
                     name, duration);
}

// Poisson neurons onto four that fire, and a readout that hears them; one projection of synapses learns by `rule`.
// `dense`: a rule by which the readout learns from the input, in a trial of two phases. If it is backprop, the synapses
// learn by it too.
std::string heard_circuit(const std::string &rule, double rate = 1, const std::string &dense = "") {
  const bool both = !dense.empty();
  return fmt::format(R"({{ "seed": 4, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 6, "dynamics": "input" }},
      "optic": {{ "size": 6, "dynamics": {{ "type": "poisson", "frozen": "yes" }} }},
      "hidden": {{ "size": 4, "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 1, "rest": 0, "reset": 0, "threshold": 1 }},
                  "receptors": {{ "i": {{ "type": "exponential", "tau": 5 }} }} }},
      "out": {{ "size": 2, "dynamics": {{ "type": "leaky_rate", "tau": 20, "activation": "linear" }} }} }},
    "projections": [
      {{ "from": "in", "to": "optic", "connect": "one_to_one", "weights": 100 }},
      {{ "from": "optic", "to": "hidden.i", "weights": {{ "uniform": {{ "low": 0, "high": 0.2 }} }}, "rule": {} }},
      {{ "from": "hidden.spike", "to": "out" }} {} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "{}", "rate": {} }} {} }} }},
    "task": {{ "stimuli": {{ "inputs": [[1, 0.2, 0.5, 0, 1, 0.7], [0, 1, 0.3, 1, 0.2, 0.6]], "targets": [[1, 0], [0, 1]] }},
              "batch": 1, "trial": [ {} ] }} }})",
                     dense == "backprop" ? R"(["r", "d"])" : R"("r")",
                     both ? R"(, { "from": "in", "to": "out", "weights": 0.1, "rule": "d" })" : "", rule, rate,
                     both ? fmt::format(R"(, "d": {{ "plugin": "{}", "rate": {} }})", dense, rate) : "",
                     both ? phase("early", 50) + ", " + phase("late", 50) : phase("run", 100));
}

} // namespace

TEST_CASE("what a rule at spikes would change is measured without moving a weight", "[spiking][fidelity]") {
  // The rule pairs spikes whatever the weights, and at so small a rate these move no spike: the same change is read off
  // from weights that did move.
  const double rate = 1e-6;
  const auto moved = [&](std::size_t row) {
    spiking::Circuit<> c(heard_circuit("stdp_pair", rate));
    const arma::vec before(c.weights(1));
    c.simulator->run({{row}, 3, true});
    return arma::vec((arma::vec(c.weights(1)) - before) / rate);
  };
  spiking::Circuit<> c(heard_circuit("stdp_pair"));
  const arma::vec before(c.weights(1));
  c.simulator->measure({{0, 1}, 3, true});
  const arma::vec change = arma::vectorise(c.simulator->change(1));
  CHECK(arma::all(arma::vec(c.weights(1)) == before));
  const arma::vec expected = (moved(0) + moved(1)) / 2;
  REQUIRE(arma::abs(expected).max() > 1e-3);
  CHECK(arma::approx_equal(change, expected, "absdiff", 1e-8 * arma::abs(expected).max()));
  c.simulator->discard();
  c.simulator->measure({{0, 1}, 3, true});
  CHECK(arma::all(arma::vectorise(c.simulator->change(1)) == change));
}

// Rules at spikes are measured trial by trial: the other rules of the circuit then see a batch for each trial.
TEST_CASE("beside a rule at spikes, the change of any other rule is measured as the mean over trials",
          "[spiking][fidelity]") {
  // Called at the end of each phase, and in each step.
  const auto plugin = GENERATE(as<std::string>(), "forward_forward", "hebb");
  CAPTURE(plugin);
  using Changes = std::vector<arma::mat>; // of the synapses, and of the readout
  const auto measured = [&](const std::vector<std::size_t> &rows) {
    spiking::Circuit<> c(heard_circuit("stdp_pair", 1, plugin));
    c.simulator->measure({rows, 3, true});
    return Changes{c.simulator->change(1), c.simulator->change(3)};
  };
  // At so small a rate no weight moves a spike: a run changes the weights by what was measured.
  const double rate = 1e-6;
  const auto moved = [&](std::size_t row) {
    spiking::Circuit<> c(heard_circuit("stdp_pair", rate, plugin));
    const arma::mat synapses = arma::vec(c.weights(1)), readout = c.network.dense_at(3)->weights;
    c.simulator->run({{row}, 3, true});
    return Changes{(arma::vec(c.weights(1)) - synapses) / rate, (c.network.dense_at(3)->weights - readout) / rate};
  };
  const auto all = measured({0, 1, 1, 1}), first = measured({0}), second = measured({1});
  const auto first_moved = moved(0), second_moved = moved(1);
  for (const std::size_t k : {0, 1}) {
    CAPTURE(k);
    const arma::mat mean = (first[k] + 3 * second[k]) / 4, run = (first_moved[k] + 3 * second_moved[k]) / 4;
    const double size = arma::abs(mean).max();
    REQUIRE(size > 1e-3);
    CHECK(arma::approx_equal(all[k], mean, "absdiff", 1e-12 * size));
    CHECK(arma::approx_equal(all[k], run, "absdiff", 1e-4 * size));
  }
}

TEST_CASE("fidelity takes rules at spikes", "[spiking][cli][fidelity]") {
  const command::Folder folder;
  folder.write("m.json", heard_circuit("backprop"));
  const auto table = [&](const std::string &threads) {
    const auto r = command::engram(
        "fidelity m.json --rules stdp_pair,backprop --samples 80 --json --quiet --threads " + threads, folder.path);
    INFO(r.err);
    REQUIRE(r.exit == 0);
    return nlohmann::json::parse(command::last_line(r.out))["results"];
  };
  const auto results = table("1");
  bool found = false;
  for (const auto &one : results) {
    if (one["rule"] == "backprop") CHECK(one["bias"] < 1e-6);
    if (one["rule"] != "stdp_pair" || one["projection"] != "all") continue;
    found = true;
    CHECK(one["variance"] == 0);                      // it pairs spikes that are drawn once
    CHECK(std::abs(one["cosine"].get<double>()) < 1); // and knows nothing of the objective
    CHECK(one["bias"] > 0.1);
  }
  CHECK(found);
  auto two = table("2"), one = results;
  for (auto *all : {&one, &two})
    for (auto &r : *all) r.erase("cost");
  CHECK(one == two);
}
