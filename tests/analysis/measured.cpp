// The changes that spiking rules want are measured at weights that stay as they are.
#include "catch.hpp"
#include "command.hpp"
#include "spiking.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace engram;

namespace {

// Poisson neurons onto four that fire, and a readout that hears them; one projection of synapses learns.
std::string heard_circuit(const std::string &rule, double rate = 1) {
  return fmt::format(R"({{ "seed": 4, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 6, "dynamics": "input" }},
      "optic": {{ "size": 6, "dynamics": {{ "type": "poisson", "frozen": "yes" }} }},
      "hidden": {{ "size": 4, "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 1, "rest": 0, "reset": 0, "threshold": 1 }},
                  "receptors": {{ "i": {{ "type": "exponential", "tau": 5 }} }} }},
      "out": {{ "size": 2, "dynamics": {{ "type": "leaky_rate", "tau": 20, "activation": "linear" }} }} }},
    "projections": [
      {{ "from": "in", "to": "optic", "connect": "one_to_one", "weights": 100 }},
      {{ "from": "optic", "to": "hidden.i", "weights": {{ "uniform": {{ "low": 0, "high": 0.2 }} }}, "rule": "r" }},
      {{ "from": "hidden.spike", "to": "out" }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "{}", "rate": {} }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[1, 0.2, 0.5, 0, 1, 0.7], [0, 1, 0.3, 1, 0.2, 0.6]], "targets": [[1, 0], [0, 1]] }},
              "batch": 1, "trial": [ {{ "phase": "run", "duration": 100, "stimulus": "in", "objective": true, "plastic": true }} ] }} }})",
                     rule, rate);
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
