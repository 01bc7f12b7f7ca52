// Circuits of spiking neurons, plugins and equations included, of which tests ask the gradient.
#pragma once

#include "neurons.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace spike_gradient {

using namespace engram;

/// A circuit of two trials, and what its rule wants of its weights.
struct Run {
  model::Model model;
  network::Network<double> network;
  task::Trials trials;
  std::vector<const engram_rule *> rules;
  std::unique_ptr<simulation::Simulator<double>> simulator;

  explicit Run(const std::string &text, int threads = 1)
      : model(model::load_text(text, "m.json", neurons::vocabulary())), network(network::build<double>(model, {})),
        trials(task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}})) {
    for (const auto &rule : model.rules) rules.push_back(&spiking::library().load(rule.plugin));
    simulator = std::make_unique<simulation::Simulator<double>>(model, network, trials, rules,
                                                                std::vector<dynamics::SignalSet>(model.regions.size()),
                                                                threads, neurons::entries());
  }
  arma::vec change(std::size_t projection) {
    simulator->measure({{0, 1}, 0, true});
    const arma::vec out = arma::vectorise(simulator->plasticity().change(projection));
    simulator->plasticity().discard();
    return out;
  }
  /// The change that all weights of a projection of spikes want together, by fourth-order differences of the loss.
  double change_by_differences(std::size_t projection) {
    auto &weights = *network.sparse_at(projection)->synapses.weights;
    const auto before = weights;
    const double h = 1e-3 * std::abs(before[0]);
    const auto at = [&](double by) {
      for (std::size_t k = 0; k < weights.size(); ++k) weights[k] = before[k] + by;
      return loss();
    };
    const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    weights = before;
    return -slope;
  }
  double loss() {
    const double mean = circuits::mean<double>(simulator->measure({{0, 1}, 0, true}));
    simulator->plasticity().discard();
    return mean;
  }
};

/// `dynamics`: type and parameters; `joined`: where its spikes arrive in the region itself.
struct Cells {
  std::string dynamics, reset_slope = "none", surrogate = "triangle", joined = "hidden";
  double jump = 0.3;
};

/// lif or lif_again, with a capacitance and a threshold of 1.
inline std::string unit_membrane(const std::string &type) {
  return R"("type": ")" + type + R"(", "tau": 20, "capacitance": 1, "rest": 0, "threshold": 1)";
}

/// 12 Poisson neurons drive 7 others, which are joined among themselves after a delay; a static readout of 3.
inline std::string learning_circuit(const Cells &cells) {
  return fmt::format(R"({{ "seed": 11, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 12, "dynamics": {{ "type": "poisson", "rate": 120 }} }},
      "hidden": {{ "size": 7, "dynamics": {{ {}, "surrogate_width": 1,
                  "reset_slope": "{}", "surrogate": "{}" }},
                  "receptors": {{ "d": "delta", "i": {{ "type": "exponential", "tau": 5 }} }} }},
      "out": {{ "size": 3, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
    "projections": [
      {{ "name": "a", "from": "in.spike", "to": "hidden", "weights": {{ "normal": {{ "mean": 0.25, "sd": 0.3 }} }}, "rule": "r" }},
      {{ "name": "b", "from": "hidden.spike", "to": "out", "weights": {{ "normal": {{ "gain": 1 }} }} }},
      {{ "name": "c", "from": "hidden.spike", "to": "{}", "weights": {{ "normal": {{ "mean": 0, "sd": {} }} }}, "delay": 2,
         "rule": "r" }},
      {{ "name": "d", "from": "hidden.potential", "to": "out", "weights": 0.2 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop", "rate": 1 }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1, 0.5], [0.3, 0.6, -0.8]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     cells.dynamics, cells.reset_slope, cells.surrogate, cells.joined, cells.jump);
}

/// How far the changes of the two projections that learn are apart, as a share of their length.
inline double changes_apart(Run &one, Run &other) {
  double worst = 0;
  for (const std::size_t projection : {0, 2}) {
    const arma::vec expected = one.change(projection), seen = other.change(projection);
    if (!(arma::norm(expected) > 1e-4)) throw std::runtime_error("no gradient reaches a projection");
    worst = std::max(worst, arma::norm(seen - expected) / arma::norm(expected));
  }
  return worst;
}

/// Spikes come by all four kinds of receptors, each with a weight that learns; a rate neuron hears the potential.
inline std::string silent_circuit(const std::string &dynamics, const std::string &integrator, double step) {
  return fmt::format(R"({{ "seed": 3, "time": {{ "step": {2}, "integrator": "{1}" }}, "architecture": {{ "regions": {{
      "in": {{ "size": 5, "dynamics": {{ "type": "poisson", "rate": 60 }} }},
      "cell": {{ "size": 2, "bias": 5, "dynamics": {{ {0} }}, "receptors": {{
          "d": "delta", "e": {{ "type": "exponential", "tau": 4 }}, "a": {{ "type": "conductance_alpha", "tau": 5, "reversal": 0 }},
          "i": {{ "type": "conductance_exponential", "tau": 8, "reversal": -80 }} }} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 8, "activation": "tanh" }} }} }},
    "projections": [
      {{ "name": "d", "from": "in", "to": "cell.d", "weights": 0.4, "delay": 1, "rule": "r" }},
      {{ "name": "e", "from": "in", "to": "cell.e", "weights": 6, "delay": {{ "axonal": 2, "dendritic": 1 }}, "rule": "r" }},
      {{ "name": "a", "from": "in", "to": "cell.a", "weights": 0.1, "delay": 1, "rule": "r" }},
      {{ "name": "i", "from": "in", "to": "cell.i", "weights": 0.5, "delay": 1, "rule": "r" }},
      {{ "name": "soma", "from": "out", "to": "cell", "weights": 15, "rule": "r" }},
      {{ "name": "out", "from": "cell.potential", "to": "out", "weights": 0.007 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[0.4], [-0.2]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     dynamics, integrator, step);
}

} // namespace spike_gradient
