// A modulator of a rule may be the signal of a region.
#include "catch.hpp"
#include "spiking.hpp"

using namespace engram;

TEST_CASE("a rule over rates is modulated by a region as well", "[learning]") {
  // x = 1 teaches y by w += rate · (mean of the modulator over the steps) · noise: with noise 0 nothing; the modulator
  // is read from the region at each step, in every trial its own.
  const auto change = [](const std::string &source) {
    spiking::Circuit<> c(R"({ "time": { "step": 1 }, "architecture": { "regions": {
      "x": { "size": 1, "dynamics": "input" }, "dopamine": { "size": 2, "dynamics": "input" },
      "y": { "size": 1, "dynamics": "static", "noise": { "type": "held", "sd": 1 } } },
      "projections": [ { "from": "x", "to": "y", "weights": 0, "rule": "r" } ] },
      "learning": { "rules": { "r": { "plugin": "node_perturbation", "rate": 1, "modulators": {
        "reward_prediction_error": ")" +
                         source + R"(" } } } },
      "task": { "stimuli": { "inputs": [[1]], "level": [[2, 4]] },
                "trial": [ { "phase": "run", "duration": 1, "plastic": true,
                             "stimulus": { "x": "inputs", "dopamine": "level" } } ] } })");
    c.run(true);
    return c.network.dense[0].weights(0, 0);
  };
  const double by_mean = change("dopamine"), by_input = change("x");
  CHECK(by_input != 0);
  CHECK(by_mean == Approx(3 * by_input).epsilon(1e-12)); // the mean of 2 and 4, and 1
}
