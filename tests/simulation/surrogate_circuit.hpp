// This builds a circuit through whose spikes a gradient goes by surrogate slopes.
#pragma once

#include "spiking.hpp"

#include <fmt/format.h>

#include <string>

namespace surrogate {

/// 12 Poisson neurons drive 7 leaky integrate-and-fire ones, which a leaky readout of 3 hears; two trials.
struct Parts {
  std::string rule = "backprop", neurons = R"("adaptation": 0)", recurrent, refractory = "3", reset = "subtraction",
              extra;
};

inline std::string circuit(const Parts &p) {
  const std::string learns =
      p.rule == "backprop"
          ? R"("r": { "plugin": "backprop", "rate": 1 })"
          : R"("r": { "plugin": "e_prop", "rate": 1, "parameters": { "tau": 20, )" + p.extra + R"( "tau_out": 0 } })";
  return fmt::format(R"({{ "seed": 11, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 12, "dynamics": {{ "type": "poisson", "rate": 120 }} }},
      "hidden": {{ "size": 7, "dynamics": {{ "type": "lif", "tau": 20, "capacitance": 1, "rest": 0, "reset_by": "{}",
                  "threshold": 1, "refractory": {}, "surrogate_width": 1, {} }} }},
      "out": {{ "size": 3, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
    "projections": [
      {{ "name": "a", "from": "in.spike", "to": "hidden", "weights": {{ "normal": {{ "mean": 0.25, "sd": 0.3 }} }}, "rule": "r" }},
      {{ "name": "b", "from": "hidden.spike", "to": "out", "weights": {{ "normal": {{ "gain": 1 }} }} }}
      {}
      {} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ {} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1, 0.5], [0.3, 0.6, -0.8]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     p.reset, p.refractory, p.neurons, p.recurrent.empty() ? "" : ", " + p.recurrent,
                     p.rule == "backprop"
                         ? ""
                         : R"(, { "from": "out.error", "to": "hidden.apical", "weights": { "transpose_of": "b" } })",
                     learns);
}

/// The change that the rule wants of a projection after both trials.
inline arma::mat change(const std::string &text, std::size_t projection = 0) {
  spiking::Circuit<> c(text);
  c.simulator->measure({{0, 1}, 0, true});
  return c.simulator->plasticity().change(projection);
}

/// The distance of two matrices over the norm of the second.
inline double apart(const arma::mat &a, const arma::mat &b) { return arma::norm(a - b, "fro") / arma::norm(b, "fro"); }

} // namespace surrogate
