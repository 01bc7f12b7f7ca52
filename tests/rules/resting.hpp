// These functions build circuits that come to rest.
#pragma once

#include "circuits.hpp"

namespace resting {

using namespace engram;
using circuits::Circuit;
using Delivery = model::Objective::Delivery;

// input → h1 → h2 → out, all of which learn, each region with a feedback from above through the transposed weights,
// times `gain`. The weights follow from the names alone: circuits of different dynamics have the same.
inline Circuit layers(const std::string &dynamics, const std::vector<std::string> &rules, double gain, const char *from,
                      const char *to) {
  Circuit c;
  const auto make = [&](const char *name, std::size_t n, const char *phi) {
    if (dynamics == "static") return c.fixed(name, n, phi);
    if (dynamics == "leaky_rate") return c.leaky(name, n, phi, 4);
    return c.region(name, n, circuits::typed(dynamics, {{"tau", 4}}), phi);
  };
  const auto in = c.input(5), h1 = make("h1", 7, "tanh"), h2 = make("h2", 6, "sigmoid"), out = make("out", 3, "linear");
  c.connect(in, h1, rules[0], 0, "rate", "soma", 0.8);
  const auto p12 = c.connect(h1, h2, rules[1], 0, "rate", "soma", 0.8);
  const auto p23 = c.connect(h2, out, rules[2], 0, "rate", "soma", 0.8);
  c.model.regions[h2].bias = model::Quantity::of(0.2);
  c.model.regions[h2].bias_rules = {rules[1]};
  if (gain != 0) {
    c.feed_back(out, h2, p23, from, to, gain);
    c.feed_back(h2, h1, p12, from, to, gain);
  }
  c.objective("mse", out);
  return c;
}

inline constexpr double rest = 300; // 75 τ

/// Minus the gradient of the loss of the feedforward network with the same weights.
inline Circuit feedforward() {
  Circuit c = layers("static", {"rule", "rule", "rule"}, 0, "rate", "soma");
  c.learn("rule", "backprop");
  c.phase(1, 1, true);
  c.data(6);
  return c;
}

/// Leaky regions with symmetric weights, which come to rest and are then nudged by β; symmetric: by −β as well.
inline Circuit nudged(double beta, bool symmetric, const std::string &loss = "mse") {
  Circuit c = layers("leaky_rate", {"rule", "rule", "rule"}, 1, "rate", "soma");
  c.learn("rule", "equilibrium_propagation");
  c.model.objective.type = loss;
  c.model.objective.delivery = Delivery::nudge;
  c.phase(rest, 0, false);
  if (symmetric) c.phase(rest, beta, false);
  c.phase(rest, symmetric ? -beta : beta, true);
  c.data(6);
  return c;
}

/// The same circuit by the gradient of the loss at the free rest point, through the whole trajectory.
inline Circuit at_rest(const std::string &loss = "mse") {
  Circuit c = layers("leaky_rate", {"rule", "rule", "rule"}, 1, "rate", "soma");
  c.learn("rule", "backprop");
  c.model.objective.type = loss;
  c.phase(rest, 0, false);
  c.phase(1, 1, true);
  c.data(6);
  return c;
}

/// Value and error neurons, the objective with strength β.
inline Circuit predictive(double beta) {
  Circuit c = layers("predictive_coding", {"rule", "rule", "rule"}, 1, "error", "apical");
  c.learn("rule", "predictive_coding");
  c.model.objective.delivery = Delivery::vector;
  c.phase(2 * rest, beta, true);
  c.data(6);
  return c;
}

/// Feedback γ Wᵀ; free, then the output held at its target.
inline Circuit contrastive(double gamma) {
  Circuit c = layers("leaky_rate", {"two_below", "one_below", "top"}, gamma, "rate", "soma");
  c.learn("two_below", "contrastive_hebbian", 0.1, {{"gamma", gamma}, {"depth", 2}});
  c.learn("one_below", "contrastive_hebbian", 0.1, {{"gamma", gamma}, {"depth", 1}});
  c.learn("top", "contrastive_hebbian", 0.1, {{"gamma", gamma}});
  c.model.objective.delivery = Delivery::clamp;
  c.phase(rest, 0, false);
  c.phase(rest, 1, true);
  c.data(6);
  return c;
}

} // namespace resting
