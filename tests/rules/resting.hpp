// Circuits that come to rest.
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
    const auto back = [&](std::size_t above, std::size_t below, std::size_t forward) {
      const auto p = c.connect(above, below, "", 0, from, to);
      c.model.projections[p].weights = {};
      c.model.projections[p].weights.kind = model::Weights::Kind::transpose_of;
      c.model.projections[p].weights.other = forward;
      c.model.projections[p].weights.a = gain;
    };
    back(out, h2, p23);
    back(h2, h1, p12);
  }
  c.objective("mse", out);
  return c;
}

inline constexpr double rest = 300; // 75 τ

} // namespace resting
