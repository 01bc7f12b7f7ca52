// Reward-modulated spike-timing-dependent plasticity against its closed form.
#include "catch.hpp"
#include "spiking/spiking.hpp"

#include <algorithm>
#include <cmath>

using spiking::Circuit;

TEST_CASE("a pair of spikes is learnt when reward comes, by what is left of its trace", "[spiking][stdp]") {
  // Spikes at 5 and 9 ms mark the synapse; the choice among one option is right in the last phase, from 200 ms on, and
  // its reward, 1, holds for the 100 ms that remain.
  Circuit<> c(R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "pre": { "size": 1, "dynamics": "spike_source", "spikes": [[5]] },
      "force": { "size": 1, "dynamics": "spike_source", "spikes": [[8.9]] },
      "post": { "size": 1, "dynamics": { "type": "lif", "rest": 0, "reset": 0, "threshold": 100 },
                "receptors": { "force": "delta", "quiet": { "type": "exponential", "tau": 1 } } },
      "choice": { "size": 1, "dynamics": "static" } },
    "projections": [
      { "from": "pre", "to": "post.quiet", "weights": 0.5, "rule": "r" },
      { "from": "force", "to": "post.force", "weights": 1000 } ] },
    "objective": { "type": "choice_reward", "region": "choice", "delivery": "scalar" },
    "learning": { "rules": { "r": { "plugin": "reward_stdp", "rate": 1, "parameters":
        { "a_plus": 0.3, "tau_plus": 20, "tau_c": 400, "every": 10, "modulator": "reward" } } } },
    "task": { "stimuli": { "inputs": [[0]], "labels": [0] },
              "trial": [ { "phase": "wait", "duration": 200, "plastic": true },
                         { "phase": "reward", "duration": 100, "objective": true, "plastic": true } ] } })");
  c.run(true);
  // The mark counts from the end of its interval, 10 ms. The reward that is read at a sweep holds until the next: that
  // of 210 ms is the first to find one, that of 300 ms, the last, looks ahead to 310 ms.
  const double mark = 0.3 * std::exp(-4.0 / 20);
  const double learnt = mark * 0.4 * (std::exp(-200.0 / 400) - std::exp(-300.0 / 400)); // ∫ c dt in seconds
  CHECK(c.weights(0)[0] - 0.5 == Approx(learnt).epsilon(1e-9));
}
