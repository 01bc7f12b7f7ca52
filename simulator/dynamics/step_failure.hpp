// A step that cannot be made.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace engram::dynamics {

/// Its message says why; the caller knows region, neuron and time.
class StepFailure : public std::runtime_error {
public:
  StepFailure(std::size_t at, const std::string &why) : std::runtime_error(why), place(at) {}
  std::size_t
      place; ///< in the state vector; of a spiking region, whose states are N × B one after another, modulo N · B
};

} // namespace engram::dynamics
