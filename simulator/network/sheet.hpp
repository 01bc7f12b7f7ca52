// A region may lie on a sheet: a unit square, filled row by row with ⌈√N⌉ neurons in a row.
#pragma once

#include <cmath>
#include <cstddef>

namespace engram::network {

struct SheetPosition {
  double x = 0, y = 0;
};

/// Where neuron k of N lies. Inline: the loops over all pairs of two sheets keep what is the same for all neurons.
inline SheetPosition position_on_sheet(std::size_t k, std::size_t neurons) {
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(neurons))));
  const std::size_t rows = (neurons + columns - 1) / columns;
  return {(static_cast<double>(k % columns) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(k / columns) + 0.5) / static_cast<double>(rows)};
}

} // namespace engram::network
