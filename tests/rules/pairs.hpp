// This builds one plastic synapse between two neurons that spike when they are told to.
#pragma once

#include "spiking.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

namespace spiking {

/// A synapse between a source and a cell: the cell spikes by jumps from a source of its own that arrive a step before.
/// Times in ms, steps of 0.1 ms. `rule`: plugin and parameters, as in the file.
inline std::string pair_circuit(const std::vector<double> &pre, std::vector<double> post, const std::string &rule,
                                const std::string &delay = "0", double weight = 0.5, double duration = 1000,
                                const std::string &constraints = "{}", double rate = 1) {
  for (auto &ms : post) ms -= 0.1;
  return fmt::format(R"({{ "time": {{ "step": 0.1 }}, "architecture": {{ "regions": {{
      "pre": {{ "size": 1, "dynamics": "spike_source", "spikes": [{}] }},
      "force": {{ "size": 1, "dynamics": "spike_source", "spikes": [{}] }},
      "post": {{ "size": 1, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100, "refractory": 0.1 }},
                 "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }} }},
    "projections": [
      {{ "from": "pre", "to": "post.quiet", "weights": {}, "delay": {}, "rule": "r", "constraints": {} }},
      {{ "from": "force", "to": "post.force", "weights": 1000 }} ] }},
    "learning": {{ "rules": {{ "r": {{ "plugin": {}, "rate": {} }} }} }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": {}, "plastic": true }} ] }} }})",
                     pre, post, weight, delay, constraints, rule, rate, duration);
}

/// The weight of the first projection's first synapse after a trial.
inline double weight_after(const std::string &text) {
  Circuit<> c(text);
  c.run(true);
  return c.weights(0)[0];
}

} // namespace spiking
