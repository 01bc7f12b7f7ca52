// These functions draw single numbers that a model file leaves to chance.
#pragma once

#include "model/model.hpp"
#include "numeric/random.hpp"

#include <cmath>
#include <cstdint>

namespace engram::network {

/// The value of number `index` of a quantity. Errors: std::out_of_range where a list is too short.
inline double drawn(const model::Quantity &quantity, const numeric::Random &random, std::uint64_t index) {
  switch (quantity.kind) {
  case model::Quantity::Kind::values:
    return quantity.values.at(index);
  case model::Quantity::Kind::normal: {
    double value = quantity.a + quantity.b * random.normal(index);
    for (std::uint64_t again = 1; value < quantity.minimum; ++again)
      value = quantity.a + quantity.b * random.normal(index, again);
    return value;
  }
  case model::Quantity::Kind::uniform:
    return quantity.a + (quantity.b - quantity.a) * random.uniform(index);
  default:
    return quantity.a;
  }
}

/// The weight of the synapse with this index, of weights that are not given. `synapses`: onto a neuron.
inline double drawn(const model::Weights &weights, double synapses, const numeric::Random &random,
                    std::uint64_t index) {
  switch (weights.kind) {
  case model::Weights::Kind::normal:
    return weights.a + weights.b * random.normal(index);
  case model::Weights::Kind::uniform:
    return weights.a + (weights.b - weights.a) * random.uniform(index);
  case model::Weights::Kind::constant:
    return weights.a;
  default:
    return weights.a / std::sqrt(synapses) * random.normal(index);
  }
}

} // namespace engram::network
