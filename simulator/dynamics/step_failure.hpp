// StepFailure says that a step of the integration cannot be made.
#pragma once

#include "error/error.hpp"

#include <cstddef>
#include <string>

namespace engram::dynamics {

/// Its message says why; the caller knows region, neuron and time.
class StepFailure : public Failed {
public:
  StepFailure(std::size_t at, const std::string &why) : Failed(why), place(at) {}
  /// Element of the state vector. A spiking region's states are N × B each, one after another; there any of the
  /// elements that belong to the same neuron and trial may stand.
  std::size_t place;
};

} // namespace engram::dynamics
