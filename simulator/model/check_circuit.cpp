// check_circuit() checks that the sizes, shapes and parts of a circuit fit each other.
#include "model/reader.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace engram::model {
namespace {

void check_length(const Quantity &quantity, const Region &region, const std::string &pointer,
                  input::Problems &problems) {
  if (quantity.kind == Quantity::Kind::values && quantity.values.size() != region.size)
    problems.add(pointer, fmt::format("{} numbers for the {} neurons of '{}'", quantity.values.size(), region.size,
                                      region.name));
  if (quantity.kind == Quantity::Kind::uniform && quantity.a > quantity.b)
    problems.add(pointer, "'low' is above 'high'");
}

// Numbers that single precision would take for infinite: `a`, `b` and `values` of a quantity or of weights.
template <class Numbers>
void check_range(const Numbers &numbers, const std::string &pointer, input::Problems &problems) {
  constexpr double largest = std::numeric_limits<float>::max();
  const auto large = [&](double x) { return std::abs(x) > largest; };
  if (large(numbers.a) || large(numbers.b) || std::any_of(numbers.values.begin(), numbers.values.end(), large))
    problems.add(pointer, fmt::format("above {:g}, the largest number in single precision", largest));
}

void check_ranges(const Model &model, input::Problems &problems) {
  if (!model.single) return;
  for (const auto &region : model.regions) {
    const auto all = [&](const Typed &typed, const std::string &pointer) {
      for (const auto &[name, quantity] : typed.parameters)
        check_range(quantity, input::below(pointer, name), problems);
    };
    for (const auto &[name, quantity] : region.dynamics.parameters)
      check_range(quantity, pointer_of(region, name), problems);
    all(region.noise, region.pointer + "/noise");
    all(region.activation, region.pointer + "/dynamics/activation");
    for (const auto &receptor : region.receptors)
      all(receptor.kinetics, input::below(region.pointer + "/receptors", receptor.name));
    if (region.initial) check_range(*region.initial, region.pointer + "/initial", problems);
    check_range(region.bias, region.pointer + "/bias", problems);
  }
  for (const auto &projection : model.projections)
    check_range(projection.weights, projection.pointer + "/weights", problems);
}

// Drawn values are checked once they are drawn.
void check_order(const Region &region, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto at = [](const Quantity &q, std::size_t n) { return q.kind == Quantity::Kind::values ? q.values[n] : q.a; };
  const auto known = [&](const Quantity &q) {
    return q.kind == Quantity::Kind::constant || (q.kind == Quantity::Kind::values && q.values.size() == region.size);
  };
  for (const auto &[lower, upper, unless] : dynamics_of(region, vocabulary).ordered) {
    const Quantity &low = region.dynamics.at(lower), &high = region.dynamics.at(upper);
    if (!known(low) || !known(high) || is_lifted(unless, region.dynamics)) continue;
    const bool one = low.kind == Quantity::Kind::constant && high.kind == Quantity::Kind::constant;
    for (std::size_t n = 0; n < (one ? 1 : region.size); ++n) {
      if (at(low, n) < at(high, n)) continue;
      problems.add(pointer_of(region, lower),
                   fmt::format("must be below '{}' of {:g} mV, not {:g}: the neuron would spike in every step", upper,
                               at(high, n), at(low, n)));
      break;
    }
  }
}

// Explicit methods oscillate and burst where a step is long beside a time constant.
void check_step(const Region &region, const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto &dynamics = dynamics_of(region, vocabulary);
  const Named *method = entry_named(region.integrator.type, vocabulary.integrators);
  if (!dynamics.fastest || !method) return;
  const double longest = method->stable_to / dynamics.fastest(region.dynamics);
  if (model.time.step < longest) return;
  const std::string adapting = those_that(&Named::adapts_step, vocabulary.integrators);
  const std::string other = model.time.integrator_given && dynamics.integrator != method->name
                                ? "; unless one is given, '" + dynamics.name + "' takes '" + dynamics.integrator + "'"
                            : adapting.empty() ? ""
                                               : "; " + adapting + " chooses its own substeps";
  problems.add("/time/step",
               fmt::format("a step of {:g} ms is too long for '{}' ('{}'): '{}' is stable below {:.3g} ms{}",
                           model.time.step, region.name, dynamics.name, method->name, longest, other));
}

void check_region(const Region &region, const Vocabulary &vocabulary, input::Problems &problems) {
  for (const auto &[name, quantity] : region.dynamics.parameters)
    check_length(quantity, region, pointer_of(region, name), problems);
  for (const auto &[name, quantity] : region.noise.parameters)
    check_length(quantity, region, region.pointer + "/noise/" + name, problems);
  for (const auto &[name, quantity] : region.activation.parameters)
    check_length(quantity, region, region.pointer + "/dynamics/activation/" + name, problems);
  if (region.initial) check_length(*region.initial, region, region.pointer + "/initial", problems);
  check_length(region.bias, region, region.pointer + "/bias", problems);
  const auto &dynamics = dynamics_of(region, vocabulary);
  if (region.feedforward && !dynamics.state)
    problems.add(region.pointer + "/initial",
                 fmt::format("a feedforward sweep needs a steady state, which '{}' {}", region.dynamics.type,
                             dynamics.spikes               ? "does not have"
                             : dynamics.integrator.empty() ? "does not need: it has no state of its own"
                                                           : "is not known to have"));
  const Named *activation = entry_named(region.activation.type, vocabulary.activations);
  if (activation && activation->pooled && !dynamics.pooled_activation)
    problems.add(region.pointer + "/dynamics/activation",
                 fmt::format("'{}' depends on all neurons of the region, and '{}' takes one that each neuron has for "
                             "itself",
                             region.activation.type, region.dynamics.type));
  const auto &compartments = dynamics.compartments;
  const bool has_bias =
      !region.bias_rules.empty() || region.bias.kind != Quantity::Kind::constant || region.bias.a != 0;
  if (has_bias && std::find(compartments.begin(), compartments.end(), "soma") == compartments.end())
    problems.add(region.pointer + "/bias", "'" + region.dynamics.type + "' has no soma that a bias could reach");
}

bool is_bound(const Projection &projection) {
  return projection.from.region != unresolved && projection.to.region != unresolved;
}

// A copy is made once, when the network is built: of weights that are the other's own, and of the same shape.
void check_copy(const Projection &projection, const Projection &other, const Model &model, input::Problems &problems) {
  const std::string at = projection.pointer + "/weights";
  const Weights::Kind kind = other.weights.kind;
  if (kind == Weights::Kind::transpose_of || kind == Weights::Kind::sign_of || kind == Weights::Kind::copy_of)
    problems.add(at, fmt::format("the weights of '{}' follow from another projection's; name that one", other.name));
  if (!is_bound(other)) return;
  const Region &pre = model.regions[projection.from.region], &post = model.regions[projection.to.region];
  const Region &other_pre = model.regions[other.from.region], &other_post = model.regions[other.to.region];
  if (other_pre.size != pre.size || other_post.size != post.size)
    problems.add(at, fmt::format("needs {} × {} weights, and '{}' has {} × {}", post.size, pre.size, other.name,
                                 other_post.size, other_pre.size));
}

void check_projection(const Projection &projection, const Model &model, const Vocabulary &vocabulary,
                      input::Problems &problems) {
  const Region &pre = model.regions[projection.from.region], &post = model.regions[projection.to.region];
  const Weights &weights = projection.weights;
  const std::string at = projection.pointer + "/weights";
  const Named &pattern = pattern_of(projection, vocabulary);
  if (pattern.check) pattern.check(projection, model, problems);
  if (weights.kind == Weights::Kind::listed && !pattern.lists_synapses)
    problems.add(at, fmt::format("weights are listed in the file of \"connect\": {}, and this projection is '{}'",
                                 those_that(&Named::lists_synapses, vocabulary.patterns), projection.connect.type));
  for (const auto &[name, quantity] : projection.connect.parameters)
    check_length(quantity, post, projection.pointer + "/connect/" + name, problems);
  // The reader leaves the length of a row in `a`: the count alone would let 2 × 6 pass for 3 × 4.
  if (weights.kind == Weights::Kind::values) {
    const auto columns = static_cast<std::size_t>(weights.a);
    const std::size_t rows = weights.values.size() / columns;
    if (columns != pre.size || rows != post.size)
      problems.add(at, fmt::format("{} rows of {} numbers, not {} rows (neurons of '{}') of {} (of '{}')", rows,
                                   columns, post.size, post.name, pre.size, pre.name));
  }
  const bool copied = weights.kind == Weights::Kind::copy_of;
  if (weights.kind != Weights::Kind::transpose_of && weights.kind != Weights::Kind::sign_of && !copied) return;
  if (weights.other == unresolved) return;
  const Projection &other = model.projections[weights.other];
  if (carries_spikes(other, model)) {
    problems.add(
        at, fmt::format("'{}' carries spikes: its weights are a list of synapses, which none can follow", other.name));
    return;
  }
  if (copied) {
    check_copy(projection, other, model, problems);
    return;
  }
  if (!projection.rules.empty())
    problems.add(projection.pointer + "/rule",
                 fmt::format("weights that are {} of another projection's cannot learn by themselves",
                             weights.kind == Weights::Kind::transpose_of ? "the transpose" : "the sign"));
  if (!is_bound(other)) return;
  const Region &other_pre = model.regions[other.from.region], &other_post = model.regions[other.to.region];
  if (other_pre.size != post.size || other_post.size != pre.size)
    problems.add(at, fmt::format("needs the transpose of {} × {} weights, and '{}' has {} × {}", post.size, pre.size,
                                 other.name, other_post.size, other_pre.size));
  // Follow the chain: it must end at weights of its own. No chain is longer than there are projections.
  std::size_t k = weights.other, steps = 0;
  while (k != unresolved && steps++ <= model.projections.size()) {
    const Weights &next = model.projections[k].weights;
    if (next.kind != Weights::Kind::transpose_of && next.kind != Weights::Kind::sign_of) return;
    k = next.other;
  }
  if (k != unresolved) problems.add(at, "the weights depend on themselves, by way of '" + other.name + "'");
}

} // namespace

void check_circuit(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  for (const auto &region : model.regions) {
    check_region(region, vocabulary, problems);
    check_order(region, vocabulary, problems);
    check_step(region, model, vocabulary, problems);
  }
  check_ranges(model, problems);
  for (const auto &projection : model.projections)
    if (is_bound(projection)) check_projection(projection, model, vocabulary, problems);
}

} // namespace engram::model
