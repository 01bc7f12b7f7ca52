#include "dynamics/check_drawn.hpp"

#include "dynamics/exact_steps.hpp"
#include "dynamics/stepper.hpp"
#include "input/input_error.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engram::dynamics {

namespace {

std::string bounds_of(const model::Parameter &p) {
  if (std::isinf(p.maximum)) return fmt::format("{} {:g}", p.above_minimum ? "above" : "at least", p.minimum);
  return fmt::format("from {:g} to {:g}", p.minimum, p.maximum);
}

/// A region, and its parameters with what was drawn for each neuron in the place of how.
struct Drawn {
  const model::Region &region;
  const model::Dynamics &dynamics;
  model::Typed parameters;
};

bool is_drawn(const model::Quantity &q) {
  return q.kind == model::Quantity::Kind::normal || q.kind == model::Quantity::Kind::uniform;
}

// Nothing where no parameter is drawn: check_circuit() has looked at what is written.
std::optional<model::Typed> as_drawn(const model::Model &model, const model::Region &region) {
  auto out = region.dynamics;
  bool any = false;
  for (auto &[name, quantity] : out.parameters) {
    if (!is_drawn(quantity)) continue;
    const auto values =
        network::values_of<double>(quantity, region.size, model.seed, numeric::name_key(region.name + "." + name));
    quantity.kind = model::Quantity::Kind::values;
    quantity.values.assign(values.begin(), values.end());
    any = true;
  }
  return any ? std::optional(std::move(out)) : std::nullopt;
}

void check_range(const model::Model &model, const Drawn &drawn, const model::Parameter &p) {
  const auto &region = drawn.region;
  if (!is_drawn(region.dynamics.at(p.name))) return; // the schema has looked at what is given
  const auto &values = drawn.parameters.at(p.name).values;
  const auto outside = [&](double x) {
    return !(p.above_minimum ? x > p.minimum : x >= p.minimum) || !(x <= p.maximum);
  };
  const auto bad = std::find_if(values.begin(), values.end(), outside);
  if (bad == values.end()) return;
  const auto count = std::count_if(values.begin(), values.end(), outside);
  throw input::InputError(
      {{model.file, 0, model::pointer_of(region, p.name),
        fmt::format("neuron {} drew {:g}, and it must be {} ({} of {} neurons are outside): draw it from a narrower or "
                    "a uniform distribution",
                    bad - values.begin(), *bad, bounds_of(p), count, region.size)}});
}

double value_at(const model::Quantity &q, std::size_t n) {
  return q.kind == model::Quantity::Kind::values ? q.values[n] : q.a;
}

// As check_circuit() asks of what is written: that a reset lies below the threshold, that the step is not too long for
// the fastest neuron.
void check_together(const model::Model &model, const Drawn &drawn) {
  const auto &[region, dynamics, parameters] = drawn;
  for (const auto &[lower, upper, unless] : dynamics.ordered)
    for (std::size_t n = 0; !model::is_lifted(unless, parameters) && n < region.size; ++n) {
      const double low = value_at(parameters.at(lower), n), high = value_at(parameters.at(upper), n);
      if (low < high) continue;
      throw input::InputError({{model.file, 0, model::pointer_of(region, lower),
                                fmt::format("neuron {} has {:g}, which must be below its '{}' of {:g} mV: it would "
                                            "spike in every step; draw them from ranges that do not meet",
                                            n, low, upper, high)}});
    }
  if (!dynamics.fastest || region.integrator.type.empty()) return;
  const double longest = stable_to(region.integrator.type) / dynamics.fastest(parameters);
  if (model.time.step < longest) return;
  throw input::InputError(
      {{model.file, 0, "/time/step",
        fmt::format("a step of {:g} ms is too long for what is drawn in '{}': of its fastest "
                    "neuron '{}' is stable below {:.3g} ms; {} chooses its own substeps",
                    model.time.step, region.name, region.integrator.type, longest, those_that_adapt())}});
}

} // namespace

void check_drawn(const model::Model &model, const DynamicsEntries &entries) {
  std::vector<Drawn> all;
  for (const auto &region : model.regions)
    if (auto parameters = as_drawn(model, region))
      all.push_back({region, entry_of(region, entries).words, std::move(*parameters)});
  for (const auto &drawn : all)
    for (const auto &p : drawn.dynamics.parameters)
      if (p.per_neuron && drawn.parameters.parameters.contains(p.name)) check_range(model, drawn, p);
  for (const auto &drawn : all) check_together(model, drawn); // once each is within its range
  check_exact_steps(model, entries);
}

} // namespace engram::dynamics
