// check_drawn() asks of parameters that are drawn what the checks of the model ask of those that are written: their
// range, a reset below the threshold, and a step that is not too long.
#pragma once

#include "dynamics/entry.hpp"
#include "model/model.hpp"

#include <vector>

namespace engram::dynamics {

/// `entries`: by region. Errors: input::InputError with the pointer of a parameter of which a neuron drew a value that
/// is out of its range, or that does not fit its others; of the step where it is too long for the fastest neuron.
void check_drawn(const model::Model &model, const std::vector<const DynamicsEntry *> &entries);

} // namespace engram::dynamics
