// A run that cannot go on.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace engram::simulation {

/// The circuit left the range of numbers, or the integrator its tolerance: exit code 1.
class RunFailure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Where a number is that is not finite.
struct Astray {
  std::size_t region = 0, neuron = 0, column = 0; ///< column: of the batch
  std::string what;                               ///< "potential", "receptor 'ampa'", …
  double value = 0;
};

/// A step of a spiking region cannot be taken.
class Stuck : public std::runtime_error {
public:
  Stuck(Astray at, const std::string &why) : std::runtime_error(why), place(std::move(at)) {}
  Astray place; ///< without `what` and `value`
};

} // namespace engram::simulation
