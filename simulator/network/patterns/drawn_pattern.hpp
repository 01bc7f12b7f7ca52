// Patterns that draw have these parameters, and leave a neuron out of its own targets by them.
#pragma once

#include "model/parameters.hpp"
#include "network/wiring.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace engram::network::patterns {

inline model::Parameter count(const char *name, double initial, double minimum, double maximum, const char *help) {
  auto p = model::between(name, initial, minimum, maximum, help);
  p.integer = true;
  return p;
}

inline model::Parameter yes_or_no(const char *name, bool initial, const char *help) {
  auto p = model::between(name, initial ? 1 : 0, 0, 1, help);
  p.choices = {"no", "yes"};
  return p;
}

/// Of patterns that draw: may a neuron be drawn as its own source?
inline model::Parameter autapses() {
  return yes_or_no("autapses", false, "may a neuron project to itself, where both regions are one?");
}
inline bool excludes_autapses(const WiringRequest &request) {
  return request.same_region && request.connect.number("autapses") == 0;
}
/// Takes neuron `pre` out of those that stand in `row` from `first` on.
inline void erase_autapse(std::vector<std::uint32_t> &row, std::size_t first, std::size_t pre) {
  row.erase(std::remove(row.begin() + static_cast<std::ptrdiff_t>(first), row.end(), pre), row.end());
}

} // namespace engram::network::patterns
