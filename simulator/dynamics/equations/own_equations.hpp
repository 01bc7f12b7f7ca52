// OwnEquations are the equations of one region of a model.
#pragma once

#include "dynamics/entry.hpp"
#include "dynamics/equations/compile.hpp"

#include <memory>

namespace engram::dynamics::equations {

struct OwnEquations : OwnEntry {
  std::shared_ptr<const Compiled> neurons; ///< whose table `entry` refers to
};

} // namespace engram::dynamics::equations
