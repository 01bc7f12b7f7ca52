// These say where in an array the values of each of its axes stand.
#pragma once

#include "recordings/config.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace engram::recordings {

/// The value at condition c, neuron n, repeat r, time t and trial k is number first + condition[c] + neuron[n] +
/// repeat[r] + time[t] + trial[k] of the array. An axis that it does not have has one place.
struct AxisPlaces {
  std::vector<std::size_t> condition, neuron, repeat, time, trial;
  std::size_t first = 0; ///< of the axes that are held at one place
};

/// Those of an array of this shape, whose axes are these. Errors: input::InputError where it has another number of
/// axes, fewer places than are asked for, or no values.
AxisPlaces places_in(const Source &source, const std::vector<std::string> &axes, const std::vector<std::size_t> &shape);

} // namespace engram::recordings
