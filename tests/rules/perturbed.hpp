// These functions build circuits that learn from the effect of random changes on the loss.
#pragma once

#include "circuits.hpp"

namespace perturbed {

using namespace engram;
using circuits::Circuit;

inline constexpr double sd = 1e-4; // so small that the loss is linear in the noise, to 1e-4 of what is measured

// Two phases: the loss without noise, then with it; or one phase, for the exact gradient.
inline Circuit with_phases(const std::string &plugin, double sigma = sd) {
  Circuit c;
  const bool exact = plugin == "backprop";
  if (exact)
    c.learn("rule", plugin);
  else
    c.learn("rule", plugin, 0.1, {{"sd", sigma}});
  if (!exact) {
    c.phase(1, 1, false);
    c.model.task.trial[0].noise = false;
  }
  c.phase(1, 1, true);
  return c;
}

inline void finish(Circuit &c, const std::string &plugin, const std::string &objective, std::size_t output,
                   double sigma = sd) {
  c.objective(objective, output);
  if (plugin != "backprop") {
    c.model.objective.delivery = model::Objective::Delivery::scalar;
    c.model.objective.prediction = model::Objective::Prediction::phase;
  }
  if (plugin == "node_perturbation")
    for (std::size_t r = 1; r < c.model.regions.size(); ++r)
      c.model.regions[r].noise = circuits::typed("gaussian", {{"sd", sigma}});
  c.data(1);
}

// Input → hidden → output, biases learn too.
inline Circuit layered(const std::string &plugin, double sigma = sd) {
  Circuit c = with_phases(plugin, sigma);
  const auto in = c.input(5), hidden = c.fixed("hidden", 6, "tanh"), out = c.fixed("out", 3, "linear");
  c.connect(in, hidden, "rule");
  c.connect(hidden, out, "rule");
  c.model.regions[hidden].bias = model::Quantity::of(0.2);
  c.model.regions[hidden].bias_rules = {"rule"};
  finish(c, plugin, "cross_entropy", out, sigma);
  return c;
}

// One layer of N linear neurons that see M inputs.
inline Circuit single(const std::string &plugin, std::size_t neurons, std::size_t inputs) {
  Circuit c = with_phases(plugin);
  const auto in = c.input(inputs), out = c.fixed("out", neurons, "linear");
  c.connect(in, out, "rule");
  finish(c, plugin, "mse", out);
  return c;
}

} // namespace perturbed
