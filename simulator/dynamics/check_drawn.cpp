#include "dynamics/check_drawn.hpp"

#include "input/input_error.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace engram::dynamics {

namespace {

std::string bounds_of(const model::Parameter &p) {
  if (std::isinf(p.maximum)) return fmt::format("{} {:g}", p.above_minimum ? "above" : "at least", p.minimum);
  return fmt::format("from {:g} to {:g}", p.minimum, p.maximum);
}

void check_drawn_parameter(const model::Model &model, const model::Region &region, const model::Parameter &p) {
  using Kind = model::Quantity::Kind;
  const auto &said = region.dynamics.at(p.name);
  if (said.kind != Kind::normal && said.kind != Kind::uniform) return; // the schema has looked at what is given
  const auto values =
      network::values_of<double>(said, region.size, model.seed, numeric::name_key(region.name + "." + p.name));
  const auto outside = [&](double x) {
    return !(p.above_minimum ? x > p.minimum : x >= p.minimum) || !(x <= p.maximum);
  };
  const auto bad = std::find_if(values.begin(), values.end(), outside);
  if (bad == values.end()) return;
  const auto count = std::count_if(values.begin(), values.end(), outside);
  throw input::InputError(
      {{model.file, 0, region.pointer + "/dynamics/" + p.name,
        fmt::format("neuron {} drew {:g}, and it must be {} ({} of {} neurons are outside): draw it from a narrower or "
                    "a uniform distribution",
                    bad - values.begin(), *bad, bounds_of(p), count, region.size)}});
}

} // namespace

void check_drawn(const model::Model &model, const model::Vocabulary &vocabulary) {
  for (const auto &region : model.regions)
    for (const auto &dynamics : vocabulary.dynamics)
      if (dynamics.name == region.dynamics.type)
        for (const auto &p : dynamics.parameters)
          if (p.per_neuron && region.dynamics.parameters.contains(p.name)) check_drawn_parameter(model, region, p);
}

} // namespace engram::dynamics
