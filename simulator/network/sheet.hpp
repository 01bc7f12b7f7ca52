// A region may lie on a sheet: a unit square, filled row by row with ⌈√N⌉ neurons in a row.
#pragma once

#include <cstddef>

namespace engram::network {

struct Place {
  double x = 0, y = 0;
};

/// Where neuron k of N lies.
Place place_on_sheet(std::size_t k, std::size_t neurons);

} // namespace engram::network
