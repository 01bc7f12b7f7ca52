// check_drawn() refuses a parameter of which a neuron drew a value outside the range that given values must keep.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::dynamics {

/// Errors: input::InputError with the pointer of a parameter of which a neuron drew a value that is out of its range.
void check_drawn(const model::Model &model, const model::Vocabulary &vocabulary);

} // namespace engram::dynamics
