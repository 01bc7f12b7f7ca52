// mixed_circuit() is a small model of all that a run keeps from epoch to epoch, without a name.
#pragma once

#include <string>

// A rate circuit with a delay, noise and a state of each synapse, which drives spiking neurons, whose plastic synapses
// have delays and states of their own: in single precision.
inline std::string mixed_circuit() {
  const std::string test_rules = ENGRAM_BUILD_DIR "/tests/plugins/";
  return R"({ "seed": 3, "precision": "single", "time": { "step": 1, "integrator": "euler" },
    "architecture": { "regions": {
      "in": { "size": 4, "dynamics": "input" },
      "rates": { "size": 6, "dynamics": { "type": "leaky_rate", "tau": 5, "activation": "tanh" },
                 "noise": { "type": "gaussian", "sd": 0.3 } },
      "source": { "size": 5, "dynamics": { "type": "poisson", "rate": 200 } },
      "net": { "size": 6, "dynamics": { "type": "lif", "tau": 10 },
               "receptors": { "ampa": { "type": "exponential", "tau": 5 } } } },
      "projections": [
        { "from": "in", "to": "rates", "weights": { "normal": { "gain": 1 } }, "rule": "slow" },
        { "from": "rates", "to": "rates", "delay": 3, "weights": { "normal": { "gain": 1 } }, "rule": "slow" },
        { "from": "source", "to": "net.ampa", "delay": 2, "weights": { "uniform": { "low": 1, "high": 5 } }, "rule": "fast" } ] },
    "learning": { "rules": { "slow": { "plugin": ")" +
         test_rules + R"(metaplastic.so", "rate": 0.05, "weight_decay": 0.02, "optimizer": "momentum" },
      "fast": { "plugin": ")" +
         test_rules +
         R"(metaplastic_spikes.so", "rate": 0.1, "schedule": { "type": "exponential", "factor": 0.7 } } } },
    "task": { "stimuli": { "inputs": [[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0]] }, "batch": 1, "epochs": 5,
      "trial": [ { "phase": "p", "duration": 40, "stimulus": "in", "plastic": true } ] },
    "record": { "rates": ["rate"], "net": ["spike"] } })";
}
