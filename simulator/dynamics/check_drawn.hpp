// Parameters that are drawn for each neuron must lie where given ones must.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::dynamics {

/// Errors: model::InputError with the pointer of a parameter of which a neuron drew a value that is out of its range.
void check_drawn(const model::Model &model, const model::Vocabulary &vocabulary);

} // namespace engram::dynamics
