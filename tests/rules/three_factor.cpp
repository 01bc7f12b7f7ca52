// These tests compare three_factor with the closed form of its trace, and run its model.
#include "catch.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;

TEST_CASE("three_factor turns a trace into a change when the modulator comes", "[rules][three_factor]") {
  // Rates of 2 and 3 for 30 ms, less their baselines of 0.5 and 1; nothing for 50 ms; then 20 ms of a modulator of 0.4,
  // while the rates leave a trace again, of (0 - 0.5) (0 - 1). The trace at the end of a step of h ms is
  // e' = e exp(-h/tau) + tau (1 - exp(-h/tau)) H, the closed form of de/dt = -e/tau + H.
  const double tau = 40, step = 0.5;
  spiking::Circuit<> c(R"({ "time": { "step": 0.5 }, "architecture": { "regions": {
        "in": { "size": 1, "dynamics": "input" }, "drive": { "size": 1, "dynamics": "input" },
        "vta": { "size": 2, "dynamics": "input" }, "out": { "size": 1, "dynamics": "static" } },
      "projections": [ { "name": "learns", "from": "in", "to": "out", "weights": 0, "rule": "three" },
                       { "from": "drive", "to": "out", "weights": 1 } ] },
      "learning": { "rules": { "three": { "plugin": "three_factor", "rate": 0.01, "modulators": { "modulator": "vta.rate" },
          "parameters": { "tau": 40, "pre_baseline": 0.5, "post_baseline": 1 } } } },
      "task": { "stimuli": { "inputs": [[2]], "drives": [[3]], "dopamine": [[0.3, 0.5]] }, "trial": [
          { "phase": "pair", "duration": 30, "stimulus": { "in": "inputs", "drive": "drives" }, "plastic": true },
          { "phase": "wait", "duration": 50, "plastic": true },
          { "phase": "reward", "duration": 20, "stimulus": { "vta": "dopamine" }, "plastic": true } ] } })");
  c.run(true);
  const auto after = [&](double e, double hebb, double ms) {
    return e * std::exp(-ms / tau) + hebb * tau * (1 - std::exp(-ms / tau));
  };
  const double paired = after(0, 1.5 * 2, 30), waited = after(paired, 0.5, 50);
  double expected = 0;
  for (int k = 1; k <= 40; ++k) expected += 0.4 * after(waited, 0.5, k * step) / 200; // mean over the steps
  CHECK(c.network.dense[0].weights(0, 0) == Approx(0.01 * expected).epsilon(1e-12));
}

TEST_CASE("three_factor.json: the synapse that was active before the reward grows most", "[rules][three_factor]") {
  const command::Folder folder;
  const arma::mat w = command::run_file(folder, "reinforcement/three_factor.json").weights("cues->choice");
  // The trace of a cue that ended d ms before the reward is exp(-d / tau) of what it was: as the file works out.
  CHECK(w(0, 0) == Approx(w(0, 1) * std::exp(-100.0 / 200)).epsilon(1e-9));
  CHECK(w(0, 1) == Approx(w(0, 2) * std::exp(-100.0 / 200)).epsilon(1e-9));
  double third = 0;
  for (int k = 1; k <= 10; ++k) third += 0.1 * 200 * (1 - std::exp(-50.0 / 200)) * std::exp(-(150.0 + k) / 200) / 10;
  CHECK(w(0, 2) == Approx(third).epsilon(1e-9));
}
