// This is a small model whose rule the tests choose.
#pragma once

#include <string>

namespace command {

/// Two regions of two neurons, whose synapses learn by `plugin`.
inline std::string small_model(const std::string &plugin) {
  return R"({
  "name": "small",
  "architecture": {
    "regions": {
      "in": { "size": 2, "dynamics": "input" },
      "out": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [ { "from": "in", "to": "out", "rule": "r" } ]
  },
  "learning": { "rules": { "r": { "plugin": ")" +
         plugin + R"(" } } },
  "task": {
    "stimuli": { "inputs": [[1, 2], [3, -1]] },
    "epochs": 100,
    "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "plastic": true } ]
  }
})";
}

/// One of the plugins that are made for the tests.
inline std::string test_plugin(const std::string &name) {
  return std::string(ENGRAM_BUILD_DIR) + "/tests/plugins/" + name + ".so";
}

} // namespace command
